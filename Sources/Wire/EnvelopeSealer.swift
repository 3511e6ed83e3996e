// SPDX-License-Identifier: Apache-2.0

import Crypto
import Records

/// Closes envelopes for the centre, with the terminal's signature on the whole.
public struct EnvelopeSealer: Sealer {
  private let identity: TerminalIdentity
  private let signer: TerminalSigner
  private let routingKey: Curve25519.KeyAgreement.PublicKey
  private let contentKey: Curve25519.KeyAgreement.PublicKey

  /// Throws `wrongKey` when the identity's keys are no keys.
  public init(identity: TerminalIdentity, signer: TerminalSigner) throws(WireFault) {
    self.identity = identity
    self.signer = signer
    routingKey = try identity.routingKey.agreement()
    contentKey = try identity.contentKey.agreement()
  }

  public func seal(_ submission: Submission) throws(SealFault) -> Envelope {
    do throws(WireFault) {
      return try sealed(submission)
    } catch {
      throw .cannotSeal
    }
  }

  private func sealed(_ submission: Submission) throws(WireFault) -> Envelope {
    let frame = frame(of: submission)
    let bound = frame.associatedData
    let routing = try Sealing.seal(
      SealedText.bytes(of: submission.routing), as: .routing, to: routingKey, boundTo: bound)
    var content: [UInt8] = []
    if let plain = submission.content {
      content = try Sealing.seal(
        SealedText.bytes(of: plain), as: .content, to: contentKey, boundTo: bound)
    }
    let header = frame.bytes(pinning: routing, content)
    return Envelope(
      id: frame.id, number: frame.number, kind: frame.kind, after: frame.after, header: header,
      routing: routing, content: content, signature: try signer.sign(header))
  }

  private func frame(of submission: Submission) -> HeaderFrame {
    let reservation = submission.reservation
    return HeaderFrame(
      id: reservation.id, number: reservation.number, kind: submission.kind,
      day: reservation.number.day.digits, after: submission.after, terminal: identity.terminal,
      keys: .init(routing: identity.routingKey.id, content: identity.contentKey.id))
  }
}
