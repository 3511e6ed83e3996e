// SPDX-License-Identifier: Apache-2.0

import Records

/// Looks whether an envelope that lies in the ledger is still the one that was sealed: its
/// header in canonical form, its parts those that the header names, the signature this
/// terminal's. Opens nothing.
public struct SealCheck: Sendable {
  private let publicKey: [UInt8]
  private let since: Int64

  /// - Parameters:
  ///   - publicKey: of the terminal, Ed25519.
  ///   - identity: envelopes with an id from before its enrolment bear another key's signature.
  public init(publicKey: [UInt8], identity: TerminalIdentity) {
    self.publicKey = publicKey
    since = identity.enrolledAt.milliseconds
  }

  /// What is wrong, in English; nil when nothing is.
  public func fault(of envelope: Envelope) -> String? {
    do throws(WireFault) {
      let (sealed, _) = try EnvelopeMessage(envelope).envelope()
      guard sealed == envelope else { return "the header names another envelope" }
    } catch {
      return switch error {
      case .partMismatch: "a part is not the one its header names"
      case .notCanonical: "the header is not in canonical form"
      case .malformed(let why): "the header cannot be read: \(why)"
      default: "the header cannot be read"
      }
    }
    let made = envelope.id.bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
    guard made >= since else { return nil }
    return SignatureCheck.holds(envelope, publicKey: publicKey) ? nil : "the signature does not hold"
  }
}
