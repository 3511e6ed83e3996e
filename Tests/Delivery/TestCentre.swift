// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import Glibc
import NIOCore
import NIOSSL
import Records
import Testing
import Wire

@testable import Delivery

/// An authority with what it certifies.
struct TestAuthority {
  let authority: CertificateAuthority
  let pem: String
  static let now = Timestamp(milliseconds: Int64(time(nil)) * 1000)

  init(_ name: String = "Nightdesk test authority") throws {
    authority = try .make(name: name, term: Self.term(days: 30))
    pem = try authority.certificate
  }

  static func term(from: Timestamp = now, days: Int) -> CertificateAuthority.Term {
    .init(serial: CountingChance().bytes(8) + SystemChance().bytes(8), from: from, days: days)
  }

  /// How a server presents itself: TLS 1.3, a client certificate wanted.
  func server(
    names: [String] = ["127.0.0.1", "localhost"], term: CertificateAuthority.Term = term(days: 7),
    clients: String? = nil
  ) throws -> TLSConfiguration {
    let key = CertificateKey.generated()
    let certificate = try authority.certify(server: key, names: names, term: term)
    return try Self.server(certificate: certificate, key: key, clients: clients ?? pem)
  }

  static func server(
    certificate: String, key: CertificateKey, clients: String
  ) throws -> TLSConfiguration {
    var tls = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem)))
    tls.minimumTLSVersion = .tlsv13
    tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(clients.utf8)))
    tls.certificateVerification = .noHostnameVerification
    return tls
  }

  func terminal(
    _ name: String = "T0012", key: CertificateKey, term: CertificateAuthority.Term = term(days: 7)
  ) throws -> String {
    try authority.certify(terminal: name, request: try key.request(named: name), term: term)
  }

  func credentials(
    _ key: CertificateKey = .generated(), term: CertificateAuthority.Term = term(days: 7)
  ) throws -> TerminalCredentials {
    try TerminalCredentials(
      certificate: try terminal(key: key, term: term), privateKey: key.pem, authority: pem)
  }
}

struct SystemChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
}

/// An HTTP client as the product makes it, for as long as `body` runs.
func withClient<Result>(_ body: (HTTPClient) async throws -> Result) async throws -> Result {
  let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: HTTPCentralLink.configuration)
  do {
    let result = try await body(client)
    try await client.shutdown()
    return result
  } catch {
    try await client.shutdown()
    throw error
  }
}

/// A link with `credentials` to `server`.
func withLink<Result>(
  _ server: ScriptedServer, _ credentials: TerminalCredentials?, host: String = "127.0.0.1",
  patience: TimeAmount = .seconds(15), _ body: (HTTPCentralLink) async throws -> Result
) async throws -> Result {
  try await withClient { client in
    let scheme = credentials == nil ? "http" : "https"
    let result = try await body(
      HTTPCentralLink(
        client: client, centre: "\(scheme)://\(host):\(server.port)", credentials: credentials,
        patience: patience))
    await server.stop()
    return result
  }
}
