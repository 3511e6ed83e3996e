// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import Records
import SwiftASN1
import X509

/// What one certificate says of its owner.
public struct PeerCertificate: Hashable, Sendable {
  /// The common name: of a terminal's certificate, the terminal.
  public var name: String
  /// Hexadecimal.
  public var serial: String
  public var notBefore: Timestamp
  public var notAfter: Timestamp
  /// SHA-256 of the DER, hexadecimal.
  public var fingerprint: String

  /// The first certificate in `pem`.
  public init(pem: String) throws(CertificateFault) {
    let document = try CertificateFault.reading("certificate") {
      try PEMDocument.parseMultiple(pemString: pem).first
    }
    guard let document else { throw .malformed("certificate") }
    try self.init(der: document.derBytes)
  }

  public init(der: [UInt8]) throws(CertificateFault) {
    let certificate = try CertificateFault.reading("certificate") { try Certificate(derEncoded: der) }
    name = certificate.subject.commonName ?? ""
    serial = Hex.text(certificate.serialNumber.bytes)
    notBefore = Timestamp(certificate.notValidBefore)
    notAfter = Timestamp(certificate.notValidAfter)
    fingerprint = Hex.text(SHA256.hash(data: der))
  }

  /// Whether two thirds of its time are over: then its owner asks for another.
  public func isDueForRenewal(at time: Timestamp) -> Bool {
    let whole = notAfter.milliseconds - notBefore.milliseconds
    return time.milliseconds - notBefore.milliseconds > whole / 3 * 2
  }
}

extension DistinguishedName {
  fileprivate var commonName: String? {
    for relative in self {
      for attribute in relative where attribute.type == .RDNAttributeType.commonName {
        return attribute.value.description
      }
    }
    return nil
  }
}

extension Timestamp {
  init(_ date: Date) { self.init(milliseconds: Int64(date.timeIntervalSince1970 * 1000)) }

  var date: Date { .init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
