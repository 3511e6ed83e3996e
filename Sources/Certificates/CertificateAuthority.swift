// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import Records
import SwiftASN1
import X509

/// The centre's own authority: certifies the centre's servers and its terminals, nobody else.
public struct CertificateAuthority: Sendable {
  private let root: Certificate
  private let key: CertificateKey

  /// When and how long a certificate holds, and its serial number.
  public struct Term: Sendable {
    /// 16 bytes of chance (RFC 5280, 4.1.2.2 asks for at most 20 octets, positive).
    public var serial: [UInt8]
    public var from: Timestamp
    public var days: Int

    public init(serial: [UInt8], from: Timestamp, days: Int) {
      self.serial = serial
      self.from = from
      self.days = days
    }

    var number: Certificate.SerialNumber { .init(bytes: [serial[0] & 0x7F | 0x40] + serial.dropFirst()) }
    /// An hour earlier than asked: a peer's clock may be a little behind.
    var notBefore: Date { from.advanced(bySeconds: -3600).date }
    var notAfter: Date { from.advanced(bySeconds: Int64(days) * 86_400).date }
  }

  /// A new authority with a key of its own.
  public static func make(
    name: String, term: Term
  ) throws(CertificateFault) -> CertificateAuthority {
    let key = CertificateKey.generated()
    do {
      let subject = try DistinguishedName { CommonName(name) }
      let root = try Certificate(
        version: .v3, serialNumber: term.number, publicKey: key.signing.publicKey,
        notValidBefore: term.notBefore, notValidAfter: term.notAfter, issuer: subject,
        subject: subject, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
          Critical(KeyUsage(keyCertSign: true, cRLSign: true))
        }, issuerPrivateKey: key.signing)
      return CertificateAuthority(root: root, key: key)
    } catch {
      throw .refused("\(error)")
    }
  }

  private init(root: Certificate, key: CertificateKey) {
    self.root = root
    self.key = key
  }

  /// - Parameter certificate: PEM; of several the first.
  public init(certificate: String, privateKey: String) throws(CertificateFault) {
    root = try CertificateFault.reading("certificate") {
      guard let first = try PEMDocument.parseMultiple(pemString: certificate).first else {
        throw CertificateFault.malformed("certificate")
      }
      return try Certificate(pemDocument: first)
    }
    key = try CertificateKey(pem: privateKey)
  }

  /// PEM.
  public var certificate: String {
    get throws(CertificateFault) { try Self.pem(root) }
  }

  /// PEM; secret.
  public var privateKey: String { key.pem }

  /// A certificate in PEM for the key in `request`, in the name of `terminal`, to be shown by
  /// a client. Of the request only the key is taken, once it is proven.
  public func certify(
    terminal: String, request: String, term: Term
  ) throws(CertificateFault) -> String {
    let asked = try CertificateFault.reading("certificate request") {
      try CertificateSigningRequest(pemEncoded: request)
    }
    guard asked.publicKey.isValidSignature(asked.signature, for: asked) else { throw .notProven }
    return try issue(
      to: asked.publicKey, named: terminal, purpose: .clientAuth, names: [], term: term)
  }

  /// A certificate in PEM for a server of the centre.
  ///
  /// - Parameter names: DNS names and IPv4 addresses by which clients reach it.
  public func certify(
    server key: CertificateKey, names: [String], term: Term
  ) throws(CertificateFault) -> String {
    try issue(
      to: key.signing.publicKey, named: names.first ?? "centre", purpose: .serverAuth,
      names: names.map { Self.generalName($0) }, term: term)
  }

  private func issue(
    to subjectKey: Certificate.PublicKey, named name: String, purpose: ExtendedKeyUsage.Usage,
    names: [GeneralName], term: Term
  ) throws(CertificateFault) -> String {
    do {
      let certificate = try Certificate(
        version: .v3, serialNumber: term.number, publicKey: subjectKey,
        notValidBefore: term.notBefore, notValidAfter: term.notAfter, issuer: root.subject,
        subject: try DistinguishedName { CommonName(name) }, signatureAlgorithm: .ecdsaWithSHA256,
        extensions: try Certificate.Extensions {
          Critical(BasicConstraints.notCertificateAuthority)
          Critical(KeyUsage(digitalSignature: true))
          try ExtendedKeyUsage([purpose])
          if !names.isEmpty { SubjectAlternativeNames(names) }
        }, issuerPrivateKey: key.signing)
      return try Self.pem(certificate)
    } catch let fault as CertificateFault {
      throw fault
    } catch {
      throw .refused("\(error)")
    }
  }

  private static func generalName(_ name: String) -> GeneralName {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    let bytes = parts.compactMap { $0 }
    guard parts.count == 4, bytes.count == 4 else { return .dnsName(name) }
    return .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
  }

  private static func pem(_ certificate: Certificate) throws(CertificateFault) -> String {
    try CertificateFault.reading("certificate") { try certificate.serializeAsPEM().pemString + "\n" }
  }
}
