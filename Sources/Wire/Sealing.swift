// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials

/// HPKE (RFC 9180), base mode, one message a context: DHKEM(X25519, HKDF-SHA256),
/// HKDF-SHA256, ChaCha20Poly1305. A sealed part is the 32 bytes of the encapsulated key and
/// then the cipher text, 48 bytes longer than what it holds.
enum Sealing {
  static let suiteName = "hpke-x25519-hkdfsha256-chacha20poly1305"
  private static let keySize = 32

  private static var suite: HPKE.Ciphersuite { .Curve25519_SHA256_ChachaPoly }

  /// Which of the two parts: a part never opens in the place of the other.
  struct Part {
    static let routing = Part(info: Data("nightdesk 1 routing".utf8))
    static let content = Part(info: Data("nightdesk 1 content".utf8))

    fileprivate let info: Data
  }

  static func seal(
    _ plain: [UInt8], as part: Part, to key: Curve25519.KeyAgreement.PublicKey,
    boundTo frame: [UInt8]
  ) throws(WireFault) -> [UInt8] {
    do {
      var sender = try HPKE.Sender(recipientKey: key, ciphersuite: suite, info: part.info)
      let cipherText = try sender.seal(plain, authenticating: frame)
      var sealed: [UInt8] = []
      sealed.reserveCapacity(keySize + cipherText.count)
      sealed.append(contentsOf: sender.encapsulatedKey)
      sealed.append(contentsOf: cipherText)
      return sealed
    } catch {
      throw .wrongKey
    }
  }

  static func open(
    _ sealed: [UInt8], as part: Part, with key: Curve25519.KeyAgreement.PrivateKey,
    boundTo frame: [UInt8]
  ) throws(WireFault) -> [UInt8] {
    do {
      var recipient = try HPKE.Recipient(
        privateKey: key, ciphersuite: suite, info: part.info,
        encapsulatedKey: Data(sealed.prefix(keySize)))
      return Array(try recipient.open(sealed.dropFirst(keySize), authenticating: frame))
    } catch {
      throw .cannotOpen
    }
  }
}
