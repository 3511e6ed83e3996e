// SPDX-License-Identifier: Apache-2.0

import Crypto

/// A public key that envelopes are sealed to (X25519).
public struct SealingKey: Hashable, Sendable, Codable {
  public var id: String
  public var publicKey: Base64

  public init(publicKey: [UInt8]) {
    id = Fingerprint.keyID(publicKey)
    self.publicKey = Base64(publicKey)
  }

  func agreement() throws(WireFault) -> Curve25519.KeyAgreement.PublicKey {
    guard id == Fingerprint.keyID(publicKey.bytes),
      let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: publicKey.bytes)
    else { throw .wrongKey }
    return key
  }
}

/// The private half, held by the centre only.
public struct OpeningKey: Sendable {
  let key: Curve25519.KeyAgreement.PrivateKey

  /// From the 32 bytes that `privateKey` gives.
  public init(privateKey: [UInt8]) throws(WireFault) {
    guard let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: privateKey) else {
      throw .wrongKey
    }
    self.key = key
  }

  private init(key: Curve25519.KeyAgreement.PrivateKey) { self.key = key }

  /// A new key from the system's chance.
  public static func generated() -> OpeningKey { OpeningKey(key: .init()) }

  /// 32 bytes; secret.
  public var privateKey: [UInt8] { Array(key.rawRepresentation) }
  /// The half that terminals get.
  public var sealingKey: SealingKey {
    SealingKey(publicKey: Array(key.publicKey.rawRepresentation))
  }
}
