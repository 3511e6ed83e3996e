// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOSSL

extension LinkTrouble {
  /// What an error of the HTTP client says. Under TLS 1.3 a server's word about our certificate
  /// comes only with the first read, since the client has finished by then.
  init(connection error: any Error) {
    self =
      switch error {
      case let trouble as LinkTrouble: trouble
      case let error as NIOSSLError: Self.meaning(of: error)
      case let error as BoringSSLError: Self.meaning(of: error)
      // The only ones that a connection of ours meets are about the other end's name.
      case is NIOSSLExtraError: .notTrusted
      case is NIOTooManyBytesError: .notUnderstood
      default: .unreachable
      }
  }

  private static func meaning(of error: NIOSSLError) -> LinkTrouble {
    switch error {
    case .handshakeFailed(let error), .shutdownFailed(let error): meaning(of: error)
    case .noCertificateToValidate, .unableToValidateCertificate: .notTrusted
    default: .unreachable
    }
  }

  private static func meaning(of error: BoringSSLError) -> LinkTrouble {
    guard case .sslError(let stack) = error else { return .unreachable }
    // The library gives its reasons in words only.
    let words = stack.map(\.description).joined(separator: " ")
    if aboutOurs.contains(where: { words.contains($0) }) { return .unknownTerminal }
    if stack.contains(.eofDuringHandshake) { return .unreachable }
    return .notTrusted
  }

  /// Alerts by which a server refuses a client's certificate (RFC 8446, 6.2).
  private static let aboutOurs = [
    "ALERT_NO_CERTIFICATE", "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE",
    "ALERT_CERTIFICATE_REVOKED", "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_UNKNOWN",
    "ALERT_CERTIFICATE_REQUIRED", "ALERT_UNKNOWN_CA", "ALERT_ACCESS_DENIED", "TLSV1_CERTIFICATE_REQUIRED",
  ]
}
