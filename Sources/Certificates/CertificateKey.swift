// SPDX-License-Identifier: Apache-2.0

import Crypto
import SwiftASN1
import X509

/// The key with which one side speaks TLS: ECDSA on P-256, which every TLS library takes.
public struct CertificateKey: Sendable {
  let key: P256.Signing.PrivateKey

  /// A new key from the system's chance.
  public static func generated() -> CertificateKey { CertificateKey(key: P256.Signing.PrivateKey()) }

  private init(key: P256.Signing.PrivateKey) { self.key = key }

  public init(pem: String) throws(CertificateFault) {
    key = try CertificateFault.reading("private key") { try .init(pemRepresentation: pem) }
  }

  /// Secret.
  public var pem: String { key.pemRepresentation }

  var signing: Certificate.PrivateKey { Certificate.PrivateKey(key) }

  /// A PKCS #10 request in PEM, signed with this key, for a certificate in the name of
  /// `name`; whoever certifies may set another name.
  public func request(named name: String) throws(CertificateFault) -> String {
    do {
      let request = try CertificateSigningRequest(
        version: .v1, subject: try DistinguishedName { CommonName(name) }, privateKey: signing,
        attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256)
      return try request.serializeAsPEM().pemString
    } catch {
      throw .refused("\(error)")
    }
  }
}
