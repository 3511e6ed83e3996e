// SPDX-License-Identifier: Apache-2.0

import Crypto

/// An Ed25519 key pair (RFC 8032).
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  /// From the 32 bytes that `privateKey` gives.
  public init(privateKey: [UInt8]) throws(WireFault) {
    guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: privateKey) else {
      throw .wrongKey
    }
    self.key = key
  }

  private init(key: Curve25519.Signing.PrivateKey) { self.key = key }

  /// A new key from the system's chance.
  public static func generated() -> SigningKey { SigningKey(key: .init()) }

  /// 32 bytes; secret.
  public var privateKey: [UInt8] { Array(key.rawRepresentation) }
  /// 32 bytes.
  public var publicKey: [UInt8] { Array(key.publicKey.rawRepresentation) }
  /// Names the public key in documents.
  public var id: String { Fingerprint.keyID(publicKey) }

  /// 64 bytes over exactly `bytes`.
  public func sign(_ bytes: [UInt8]) throws(WireFault) -> [UInt8] {
    guard let signature = try? key.signature(for: bytes) else { throw .wrongKey }
    return Array(signature)
  }
}

/// The key with which a terminal signs what it seals. It never leaves the terminal.
public typealias TerminalSigner = SigningKey

public enum SignatureCheck {
  /// Whether these bytes are a public key at all.
  public static func isKey(_ publicKey: [UInt8]) -> Bool {
    (try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey)) != nil
  }

  /// Whether `signature` over `bytes` was made by the owner of `publicKey`.
  public static func holds(
    _ signature: [UInt8], over bytes: [UInt8], publicKey: [UInt8]
  ) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: publicKey) else {
      return false
    }
    return key.isValidSignature(signature, for: bytes)
  }
}
