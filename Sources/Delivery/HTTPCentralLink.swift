// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import NIOCore
import NIOHTTP1
import Records
import StrictJSON
import Wire

/// The centre over HTTP, inside mutual TLS.
///
/// Nothing is compressed. What goes out is sealed: gzip takes back only what base 64 added (to
/// three quarters), and the centre would have to guard itself against bombs. What comes in is
/// small, or is a catalogue, which travels as a difference; and nobody can send us a bomb.
public struct HTTPCentralLink: CentralLink {
  let client: HTTPClient
  let centre: String
  let credentials: TerminalCredentials?
  let patience: TimeAmount

  /// - Parameters:
  ///   - client: made with `configuration`.
  ///   - centre: the base of its addresses, `https://host:port`.
  ///   - credentials: nil speaks plain HTTP, for tests and the bench only. With credentials an
  ///     address that is not `https` is never spoken to.
  ///   - patience: for one exchange in all; twenty times that for a catalogue.
  public init(
    client: HTTPClient, centre: String, credentials: TerminalCredentials?,
    patience: TimeAmount = .seconds(15)
  ) {
    self.client = client
    self.centre = centre
    self.credentials = credentials
    self.patience = patience
  }

  /// How the client must be made: redirects are never followed; a connection that cannot be
  /// opened is told at once and not tried again in silence; enough connections that a hanging
  /// one holds nobody up.
  public static var configuration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: .seconds(60)),
      decompression: .disabled)
    configuration.httpVersion = .http1Only
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    configuration.connectionPool.idleTimeout = .seconds(25)
    return configuration
  }

  public func deliver(_ batch: BatchRequest) async -> CentralAnswer {
    do throws(LinkTrouble) {
      let request = request(
        .POST, "/v1/batches", accept: BatchReply.mediaType, json: Canonical.encode(batch))
      return CentralAnswer.read(try await exchange(request, limit: 1 << 20), batch: batch.batch)
    } catch {
      return CentralAnswer(error)
    }
  }

  public func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress {
    let json = code.map {
      Canonical.encode(ProgressRequest(number: number.description, claimCode: $0.text))
    }
    let path = json == nil ? "/v1/progress/\(number)" : "/v1/progress"
    let request = request(json == nil ? .GET : .POST, path, accept: Self.json, json: json)
    let reply: LinkReply
    do throws(LinkTrouble) {
      reply = try await exchange(request, limit: 64 << 10)
    } catch {
      throw EnquiryFault(error)
    }
    return try EnquiryReading.progress(of: number, in: reply)
  }

  public func certify(_ request: String) async throws(LinkTrouble) -> CertificateReply {
    let body = Canonical.encode(CertificateRenewal(certificateRequest: request))
    let reply = try await exchange(
      self.request(.POST, "/v1/certificates", accept: Self.json, json: body), limit: 256 << 10)
    guard reply.status == 200 || reply.status == 201, reply.mediaType == Self.json else {
      throw LinkTrouble(status: reply.status, retryAfter: reply.retryAfter)
    }
    do throws(WireFault) {
      return try CertificateReply.decode(reply.body)
    } catch {
      throw .notUnderstood
    }
  }

  public func greet(as credentials: TerminalCredentials) async throws(LinkTrouble) {
    let name = credentials.certificate.name
    let question = BatchRequest(batch: "greeting", terminal: name, envelopes: [])
    let asked = request(
      .POST, "/v1/batches", accept: BatchReply.mediaType, json: Canonical.encode(question))
    let reply = try await exchange(asked, limit: 1 << 20, as: credentials)
    guard case .verdicts = CentralAnswer.read(reply, batch: question.batch) else {
      throw LinkTrouble(status: reply.status, retryAfter: reply.retryAfter)
    }
  }

  public func acknowledge(
    _ command: String, _ outcome: CommandOutcome
  ) async throws(LinkTrouble) {
    let body = Canonical.encode(CommandReport(outcome: outcome))
    let reply = try await exchange(
      request(.POST, "/v1/commands/\(command)", accept: Self.json, json: body), limit: 64 << 10)
    // Our own type, or nothing at all: a portal says 200 in HTML.
    let isOurs = reply.status == 204 || reply.mediaType == Self.json
    guard (200...204).contains(reply.status), isOurs else {
      throw LinkTrouble(status: reply.status, retryAfter: reply.retryAfter)
    }
  }

  public func catalogue(after version: Int) async throws(LinkTrouble) -> [UInt8]? {
    let request = request(
      .GET, "/v1/catalogue?after=\(version)", accept: CatalogueDocument.payloadType)
    let reply = try await exchange(
      request, limit: CatalogueDocument.limits.bytes, patience: patience * 20)
    if reply.status == 204 { return nil }
    guard reply.status == 200, reply.mediaType == CatalogueDocument.payloadType else {
      throw LinkTrouble(status: reply.status, retryAfter: reply.retryAfter)
    }
    return reply.body
  }

  static var json: String { "application/json" }
}
