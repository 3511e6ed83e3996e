// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// The centre's time, signed, for a terminal whose clock TLS cannot accept: asked in clear
/// as `GET /v1/time?nonce=…`. The nonce binds the answer to its question, so that an old
/// answer cannot be played again.
public struct SignedTime: Hashable, Sendable, Codable {
  /// 32 characters of lower-case hexadecimal, chosen by the terminal.
  public var nonce: String
  public var at: Timestamp
  /// Ed25519 by the centre's time key over `Statement` in canonical form.
  public var signature: Base64

  /// What is signed.
  private struct Statement: Encodable {
    let kind = "nightdesk time 1"
    var nonce: String
    var at: Timestamp
  }

  public init(nonce: String, at: Timestamp, key: SigningKey) throws(WireFault) {
    self.nonce = nonce
    self.at = at
    let signature = try key.sign(Canonical.encode(Statement(nonce: nonce, at: at)))
    self.signature = Base64(signature)
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> SignedTime {
    try StrictJSON.wire(SignedTime.self, from: bytes)
  }

  /// Throws unless it answers the question with `nonce` and the owner of `key` signed it.
  public func verify(nonce: String, key: [UInt8]) throws(WireFault) {
    guard nonce == self.nonce else { throw .malformed("an answer to another question") }
    let statement = Canonical.encode(Statement(nonce: nonce, at: at))
    guard SignatureCheck.holds(signature.bytes, over: statement, publicKey: key) else {
      throw .unsigned
    }
  }

  /// Whether `text` can be a nonce.
  public static func isNonce(_ text: String) -> Bool {
    text.utf8.count == 32 && Hex.bytes(text.utf8) != nil
  }
}
