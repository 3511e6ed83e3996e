// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON
import Wire

/// What the centre said to a batch, as far as it concerns the outbox.
public enum CentralAnswer: Hashable, Sendable {
  /// The only answer that takes anything out of the outbox. `auditCut`: the centre holds a
  /// longer or another audit chain of this terminal than the one the batch named.
  case verdicts([EnvelopeID: Verdict], auditCut: Bool)
  /// The centre does not know this terminal: everything waits, staff hear of it.
  case unknownTerminal
  /// The batch is too much or one of it cannot be read: halve and try again.
  case tooMuch
  /// Busy, broken, or something between us that answers for it.
  case later(seconds: Int?)
  /// No answer at all.
  case unreachable
  /// Whoever answers there is not the centre; nothing was sent to it.
  case notTrusted
  /// An answer of another kind than any we know: everything waits.
  case notUnderstood

  init(_ trouble: LinkTrouble) {
    self =
      switch trouble {
      case .unreachable: .unreachable
      case .notTrusted: .notTrusted
      case .unknownTerminal: .unknownTerminal
      case .later(let seconds): .later(seconds: seconds)
      case .missing, .notUnderstood: .notUnderstood
      }
  }

  /// Reads an answer. A status alone never settles an item: only a verdict for it, in our
  /// media type, in a reply that echoes the batch.
  static func read(_ reply: LinkReply, batch: String) -> CentralAnswer {
    if reply.status == 200, reply.mediaType == BatchReply.mediaType {
      return verdicts(in: reply.body, of: batch)
    }
    if [413, 422].contains(reply.status) { return .tooMuch }
    return CentralAnswer(LinkTrouble(status: reply.status, retryAfter: reply.retryAfter))
  }

  private static func verdicts(in body: [UInt8], of batch: String) -> CentralAnswer {
    do throws(WireFault) {
      let reply = try BatchReply.decode(body)
      guard reply.batch == batch else { return .notUnderstood }
      var verdicts: [EnvelopeID: Verdict] = [:]
      for message in reply.verdicts {
        // A refusal without a reason says nothing; two words on one envelope neither.
        guard let verdict = message.meaning else { continue }
        guard verdicts.updateValue(verdict, forKey: message.id) == nil else { return .notUnderstood }
      }
      return .verdicts(verdicts, auditCut: reply.auditCut ?? false)
    } catch {
      return .notUnderstood
    }
  }
}

/// An answer of the centre, or of something that answers for it.
struct LinkReply: Hashable, Sendable {
  var status: Int
  /// Without parameters, in lower case.
  var mediaType: String?
  /// Seconds.
  var retryAfter: Int?
  var body: [UInt8] = []
}
