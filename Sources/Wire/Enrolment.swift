// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A terminal's first words to the centre.
public struct EnrolmentRequest: Hashable, Sendable, Codable {
  /// The one-time code that `centrald enrolment new` printed.
  public var code: String
  /// The terminal's Ed25519 key.
  public var publicKey: Base64
  /// PKCS #10 in PEM, by the key with which the terminal will speak TLS. Only its key is
  /// taken; the centre sets the names.
  public var certificateRequest: String

  public init(code: String, publicKey: [UInt8], certificateRequest: String) {
    self.code = code
    self.publicKey = Base64(publicKey)
    self.certificateRequest = certificateRequest
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> EnrolmentRequest {
    try StrictJSON.wire(EnrolmentRequest.self, from: bytes)
  }
}

public struct EnrolmentReply: Hashable, Sendable, Codable {
  public var identity: TerminalIdentity
  /// The terminal's certificate chain in PEM, its own first.
  public var certificate: String

  public init(identity: TerminalIdentity, certificate: String) {
    self.identity = identity
    self.certificate = certificate
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> EnrolmentReply {
    try StrictJSON.wire(EnrolmentReply.self, from: bytes)
  }
}

/// Asks for another certificate before the present one ends; sent over mutual TLS.
public struct CertificateRenewal: Hashable, Sendable, Codable {
  public var certificateRequest: String

  public init(certificateRequest: String) { self.certificateRequest = certificateRequest }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> CertificateRenewal {
    try StrictJSON.wire(CertificateRenewal.self, from: bytes)
  }
}

public struct CertificateReply: Hashable, Sendable, Codable {
  /// Chain in PEM, the terminal's own first.
  public var certificate: String
  /// The authorities whose certificates the terminal is to believe from now on, PEM.
  public var authority: String

  public init(certificate: String, authority: String) {
    self.certificate = certificate
    self.authority = authority
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> CertificateReply {
    try StrictJSON.wire(CertificateReply.self, from: bytes)
  }
}
