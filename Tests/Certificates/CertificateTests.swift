// SPDX-License-Identifier: Apache-2.0

import Crypto
import Records
import SwiftASN1
import Testing
import X509

@testable import Certificates

struct CertificateTests {
  static let noon = Timestamp(milliseconds: 1_795_233_600_000)
  static let year = CertificateAuthority.Term(
    serial: [UInt8](repeating: 0xFF, count: 16), from: noon, days: 365)

  private func authority() throws -> CertificateAuthority {
    try CertificateAuthority.make(name: "Nightdesk", term: Self.year)
  }

  @Test func aTerminalsCertificateBearsTheNameTheCentreGave() throws {
    let request = try CertificateKey.generated().request(named: "T9999")
    let peer = try PeerCertificate(
      pem: try authority().certify(terminal: "T0012", request: request, term: Self.year))
    #expect(peer.name == "T0012")
    #expect(peer.notAfter == Self.noon.advanced(bySeconds: 365 * 86_400))
    #expect(peer.serial.hasPrefix("7f"))
  }

  @Test func aRequestThatIsNotSignedWithItsOwnKeyIsRefused() throws {
    let (own, other) = (CertificateKey.generated(), CertificateKey.generated())
    let borrowed = try CertificateSigningRequest(
      version: .v1, subject: .init { CommonName("T0012") }, publicKey: other.signing.publicKey,
      attributes: .init(), signatureAlgorithm: .ecdsaWithSHA256,
      signature: try CertificateSigningRequest(pemEncoded: try own.request(named: "T0012")).signature)
    let request = try borrowed.serializeAsPEM().pemString
    let authority = try authority()
    #expect(throws: CertificateFault.notProven) {
      try authority.certify(terminal: "T0012", request: request, term: Self.year)
    }
  }

  @Test func anAuthorityIsTheSameAfterItWasWrittenDown() throws {
    let made = try authority()
    let read = try CertificateAuthority(
      certificate: try made.certificate, privateKey: made.privateKey)
    #expect(try read.certificate == made.certificate)
    let server = try read.certify(
      server: .generated(), names: ["127.0.0.1", "localhost"], term: Self.year)
    let names = try Certificate(pemEncoded: server).extensions.subjectAlternativeNames
    #expect(names?.contains(.dnsName("localhost")) == true)
    #expect(names?.count == 2)
  }

  @Test func renewalIsDueAfterTwoThirds() throws {
    let request = try CertificateKey.generated().request(named: "T0012")
    let term = CertificateAuthority.Term(serial: Self.year.serial, from: Self.noon, days: 30)
    let peer = try PeerCertificate(
      pem: try authority().certify(terminal: "T0012", request: request, term: term))
    #expect(!peer.isDueForRenewal(at: Self.noon.advanced(bySeconds: 19 * 86_400)))
    #expect(peer.isDueForRenewal(at: Self.noon.advanced(bySeconds: 21 * 86_400)))
  }

  @Test(arguments: ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
  func whatIsNoCertificateIsSaidToBeNone(_ text: String) {
    #expect(throws: CertificateFault.malformed("certificate")) { try PeerCertificate(pem: text) }
  }
}
