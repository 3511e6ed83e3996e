// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing
import Wire

@testable import Central

/// Asks a running centre.
extension RunningCentre {
  enum Door {
    case residents
    /// With the certificate that this one got.
    case terminals(SampleTerminal)
    case enrolment
  }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first(name: name) }
  }

  func post(
    _ path: String, _ message: some Encodable, at door: Door = .residents, token: String? = nil
  ) async throws -> Answer {
    try await send(path, Canonical.encode(message), at: door, token: token)
  }

  func send(
    _ path: String, _ body: [UInt8]?, at door: Door = .residents, token: String? = nil,
    headers: HTTPHeaders = [:]
  ) async throws -> Answer {
    try await ask(.POST, path, body, at: door, token: token, headers)
  }

  func get(
    _ path: String, at door: Door = .residents, token: String? = nil, headers: HTTPHeaders = [:]
  ) async throws -> Answer {
    try await ask(.GET, path, nil, at: door, token: token, headers)
  }

  private func ask(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, at door: Door, token: String?,
    _ headers: HTTPHeaders
  ) async throws -> Answer {
    var request = try request(path, at: door)
    request.method = method
    request.headers.add(contentsOf: headers)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body { request.body = .bytes(body) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    let bytes = try await response.body.collect(upTo: 1 << 24)
    return Answer(
      status: Int(response.status.code), headers: response.headers,
      bytes: Array(bytes.readableBytesView))
  }

  func request(_ path: String, at door: Door) throws -> HTTPClientRequest {
    switch door {
    case .residents: return HTTPClientRequest(url: address + path)
    case .enrolment:
      var request = HTTPClientRequest(url: enrolmentAddress + path)
      request.tlsConfiguration = try tls(nil)
      return request
    case .terminals(let terminal):
      var request = HTTPClientRequest(url: terminalsAddress + path)
      request.tlsConfiguration = try tls(terminal)
      return request
    }
  }

  private func tls(_ terminal: SampleTerminal?) throws -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.trustRoots = .certificates(
      try NIOSSLCertificate.fromPEMBytes(Array(centre.authority.current.certificate.utf8)))
    guard let terminal else { return configuration }
    configuration.certificateChain =
      try NIOSSLCertificate.fromPEMBytes(Array(terminal.certificate.utf8)).map { .certificate($0) }
    configuration.privateKey = .privateKey(
      try NIOSSLPrivateKey(bytes: Array(terminal.tlsKey.pem.utf8), format: .pem))
    return configuration
  }
}
