// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// One envelope of a batch, looked at as far as that goes without the store.
public struct Arrival: Hashable, Sendable {
  /// What the keys say of it.
  public enum Standing: Hashable, Sendable {
    /// Signed by a terminal we know, opened with the front key.
    case sound(Routing)
    case unknownTerminal
    case badSignature
    /// Well signed, but sealed to a key that is not here.
    case unreadable
  }

  public let envelope: Envelope
  public let header: EnvelopeHeader
  public var standing: Standing
  /// The terminal that delivered it, by its certificate; nil for an import. Unsigned
  /// envelopes count against the room of whoever delivered them.
  public var peer: String?
  /// Names the very bytes: the header pins the sealed parts, the signature stands beside it.
  public let digest: [UInt8]

  public init(
    envelope: Envelope, header: EnvelopeHeader, standing: Standing, peer: String? = nil
  ) {
    self.envelope = envelope
    self.header = header
    self.standing = standing
    self.peer = peer
    digest = Fingerprint.bytes(envelope.header + envelope.signature)
  }

  var routing: Routing? {
    if case .sound(let routing) = standing { routing } else { nil }
  }
}
