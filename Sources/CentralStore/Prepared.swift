// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Wire

/// An arrival with its values in the database's form: made before the transaction, so that
/// no other writer waits for it. A class, since a copy would count a dozen references.
final class Prepared: Sendable {
  let arrival: Arrival
  let id: Data
  let digest: Data
  let number: String
  let follows: Data
  let header: Data
  let routing: Data
  let content: Data
  let signature: Data
  let firstNumber: String?

  init(_ arrival: Arrival) {
    let envelope = arrival.envelope
    self.arrival = arrival
    id = envelope.id.bytes.blob
    digest = arrival.digest.blob
    number = envelope.number.description
    follows = envelope.after.flatMap(\.bytes).blob
    header = envelope.header.blob
    routing = envelope.routing.blob
    content = envelope.content.blob
    signature = envelope.signature.blob
    firstNumber = arrival.routing?.first?.description
  }

  var envelope: Envelope { arrival.envelope }
  var kind: EnvelopeKind { arrival.envelope.kind }

  /// Whether it is about an application that its routing names.
  var isAboutAnother: Bool { kind.isFiling && kind != .application }

  var size: Int { header.count + routing.count + content.count + signature.count }

  /// In whose room it lies when it is unsigned.
  var sender: String { arrival.peer ?? arrival.header.terminal }

  /// The same bytes, nothing opened.
  func bare() -> Prepared {
    var bare = arrival
    bare.standing = .unreadable
    return Prepared(bare)
  }
}
