// SPDX-License-Identifier: Apache-2.0

import Certificates
import NIOCore
import NIOSSL
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// The link against real servers over real TLS.
@Suite(.timeLimit(.minutes(1)))
struct HTTPCentralLinkTests {
  private let batch = BatchRequest(batch: "b1", terminal: "T0012", envelopes: [])
  private let stored = ScriptedServer.Answer.http(
    200, BatchReply.mediaType, #"{"batch":"b1","verdicts":[]}"#)

  /// What the link says of a server that the test's authority may or may not vouch for.
  private func answer(
    _ tls: TLSConfiguration?, _ credentials: TerminalCredentials?, host: String = "127.0.0.1",
    patience: TimeAmount = .seconds(15),
    script: @escaping @Sendable (ScriptedServer.Request) -> ScriptedServer.Answer
  ) async throws -> CentralAnswer {
    let server = try await ScriptedServer.start(tls: tls, script: script)
    return try await withLink(server, credentials, host: host, patience: patience) {
      await $0.deliver(batch)
    }
  }

  @Test func theCentreIsSpokenToWithOurCertificate() async throws {
    let authority = try TestAuthority()
    let stored = stored
    let server = try await ScriptedServer.start(tls: try authority.server()) { _ in stored }
    let credentials = try authority.credentials()
    try await withLink(server, credentials) { link in
      #expect(await link.deliver(batch) == .verdicts([:], auditCut: false))
    }
    var requests = server.requests.makeAsyncIterator()
    let request = try await requests.one()
    let peer = try PeerCertificate(der: try #require(request.peer).toDERBytes())
    #expect(peer == credentials.certificate)
    #expect(request.line == "POST /v1/batches HTTP/1.1")
    #expect(request.headers["accept-encoding"] == nil)
  }

  @Test func aCentreOfAnotherAuthorityIsNotTrustedAndHearsNothing() async throws {
    let server = try await ScriptedServer.start(tls: try TestAuthority("another").server())
    try await withLink(server, try TestAuthority().credentials()) { link in
      #expect(await link.deliver(batch) == .notTrusted)
    }
    server.heard.finish()
    for await _ in server.requests { Issue.record("it heard a request") }
  }

  @Test func anExpiredCertificateIsNotTrusted() async throws {
    let authority = try TestAuthority()
    let past = TestAuthority.now.advanced(bySeconds: -10 * 86_400)
    let tls = try authority.server(term: TestAuthority.term(from: past, days: 5))
    #expect(try await answer(tls, try authority.credentials()) { _ in .silence } == .notTrusted)
  }

  @Test func aCertificateForAnotherNameIsNotTrusted() async throws {
    let authority = try TestAuthority()
    let tls = try authority.server(names: ["centre.example"])
    #expect(try await answer(tls, try authority.credentials()) { _ in .silence } == .notTrusted)
    let other = try authority.server(names: ["centre.example"])
    let said = try await answer(other, try authority.credentials(), host: "localhost") { _ in .silence }
    #expect(said == .notTrusted, "a name is compared as an address is")
  }

  @Test func anotherTerminalIsNotTakenForTheCentre() async throws {
    let authority = try TestAuthority()
    let key = CertificateKey.generated()
    let tls = try TestAuthority.server(
      certificate: try authority.terminal(key: key), key: key, clients: authority.pem)
    #expect(try await answer(tls, try authority.credentials()) { _ in .silence } == .notTrusted)
  }

  @Test func anOlderTLSIsNotTrusted() async throws {
    let authority = try TestAuthority()
    var tls = try authority.server()
    tls.minimumTLSVersion = .tlsv1
    tls.maximumTLSVersion = .tlsv12
    #expect(try await answer(tls, try authority.credentials()) { _ in .silence } == .notTrusted)
  }

  @Test func aCentreThatDoesNotTakeOurCertificateDoesNotKnowUs() async throws {
    let authority = try TestAuthority()
    let stored = stored
    let foreign = try authority.server(clients: try TestAuthority("another").pem)
    #expect(try await answer(foreign, try authority.credentials()) { _ in stored } == .unknownTerminal)
    let past = TestAuthority.now.advanced(bySeconds: -10 * 86_400)
    let expired = try authority.credentials(term: TestAuthority.term(from: past, days: 5))
    #expect(try await answer(try authority.server(), expired) { _ in stored } == .unknownTerminal)
  }

  @Test func rubbishInPlaceOfTLSIsNotTrustedAndHearsOnlyTLS() async throws {
    let greeting = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
    let server = try await ScriptedServer.start(greeting: greeting)
    try await withLink(server, try TestAuthority().credentials()) { link in
      #expect(await link.deliver(batch) == .notTrusted)
    }
    // A TLS handshake record (RFC 8446, 5.1), and then nothing but an alert.
    #expect(server.raw.withLock { $0.isEmpty || $0.starts(with: [0x16, 0x03]) })
  }

  @Test func withCredentialsNothingGoesOutInClear() async throws {
    let server = try await ScriptedServer.start { _ in .http(200) }
    let credentials = try TestAuthority().credentials()
    try await withClient { client in
      let link = HTTPCentralLink(
        client: client, centre: "http://127.0.0.1:\(server.port)", credentials: credentials)
      #expect(await link.deliver(batch) == .notTrusted)
    }
    #expect(server.raw.withLock { $0.isEmpty })
    await server.stop()
  }

  @Test func aRedirectIsNotFollowed() async throws {
    let elsewhere = try await ScriptedServer.start { _ in .http(200) }
    let port = elsewhere.port
    let said = try await answer(nil, nil) { _ in
      .http(307, headers: ["Location: http://127.0.0.1:\(port)/v1/batches"])
    }
    #expect(said == .later(seconds: nil))
    #expect(elsewhere.raw.withLock { $0.isEmpty })
    await elsewhere.stop()
  }

  @Test func aCaptivePortalsPageIsNoAnswer() async throws {
    let said = try await answer(nil, nil) { _ in .http(200, "text/html", "<html>Pay first</html>") }
    #expect(said == .later(seconds: nil))
  }

  @Test func anAnswerToAnotherBatchIsNotUnderstood() async throws {
    let said = try await answer(nil, nil) { _ in
      .http(200, BatchReply.mediaType, #"{"batch":"b2","verdicts":[]}"#)
    }
    #expect(said == .notUnderstood)
  }

  @Test func anAnswerOfTenMegabytesIsNotRead() async throws {
    let huge = String(repeating: " ", count: 10 << 20)
    let said = try await answer(nil, nil) { _ in .http(200, BatchReply.mediaType, huge) }
    #expect(said == .notUnderstood)
  }

  @Test func aCompressedAnswerThatNobodyAskedForIsNotUnderstood() async throws {
    let said = try await answer(nil, nil) { _ in
      .http(200, BatchReply.mediaType, "\u{1F}\u{8B}", headers: ["Content-Encoding: gzip"])
    }
    #expect(said == .notUnderstood)
  }

  @Test func retryAfterIsRead() async throws {
    let date = "Sat, 21 Nov 2026 03:12:00 GMT"
    let said = try await answer(nil, nil) { _ in
      .http(503, headers: ["Date: \(date)", "Retry-After: Sat, 21 Nov 2026 03:12:20 GMT"])
    }
    #expect(said == .later(seconds: 20))
  }

  @Test func whoeverAcceptsAndNeverAnswersIsUnreachable() async throws {
    let said = try await answer(nil, nil, patience: .milliseconds(50)) { _ in .silence }
    #expect(said == .unreachable)
    // The same, before the handshake of TLS is through.
    let credentials = try TestAuthority().credentials()
    let mute = try await answer(nil, credentials, patience: .milliseconds(50)) { _ in .silence }
    #expect(mute == .unreachable)
  }

  @Test func anAnswerThatStopsInTheMiddleIsUnreachable() async throws {
    let half = "HTTP/1.1 200 X\r\nContent-Type: \(BatchReply.mediaType)\r\nContent-Length: 28\r\n\r\n{\"ba"
    #expect(try await answer(nil, nil) { _ in .bytesAndClose(half) } == .unreachable)
    #expect(try await answer(nil, nil, patience: .milliseconds(50)) { _ in .bytes(half) } == .unreachable)
    #expect(try await answer(nil, nil) { _ in .close } == .unreachable)
  }

  @Test func nobodyThereIsUnreachable() async throws {
    let server = try await ScriptedServer.start()
    let port = server.port
    await server.stop()
    try await withClient { client in
      let link = HTTPCentralLink(
        client: client, centre: "https://127.0.0.1:\(port)",
        credentials: try TestAuthority().credentials())
      #expect(await link.deliver(batch) == .unreachable)
    }
  }

  @Test func withoutCredentialsNoAuthorityOfTheSystemIsBelieved() async throws {
    let server = try await ScriptedServer.start(tls: try TestAuthority().server())
    try await withClient { client in
      let link = HTTPCentralLink(
        client: client, centre: "https://127.0.0.1:\(server.port)", credentials: nil)
      #expect(await link.deliver(batch) == .notTrusted)
    }
    #expect(server.raw.withLock { $0.isEmpty })
    await server.stop()
  }

  @Test(arguments: [
    (204, "", Result<[UInt8]?, LinkTrouble>.success(nil)),
    (200, CatalogueDocument.payloadType, .success(Array("{}".utf8))),
    (200, "text/html", .failure(.later(seconds: nil))), (404, "text/html", .failure(.missing)),
    (304, "", .failure(.later(seconds: nil))), (403, "text/html", .failure(.unknownTerminal)),
  ])
  func aCatalogueIsWhatComesInItsType(
    _ status: Int, _ type: String, _ expected: Result<[UInt8]?, LinkTrouble>
  ) async throws {
    let server = try await ScriptedServer.start { _ in
      [204, 304].contains(status) ? .bytes("HTTP/1.1 \(status) X\r\n\r\n") : .http(status, type, "{}")
    }
    try await withLink(server, nil) { link in
      let outcome: Result<[UInt8]?, LinkTrouble>
      do throws(LinkTrouble) {
        outcome = .success(try await link.catalogue(after: 6))
      } catch {
        outcome = .failure(error)
      }
      #expect(outcome == expected)
    }
    var requests = server.requests.makeAsyncIterator()
    let line = try await requests.one().line
    #expect(line == "GET /v1/catalogue?after=6 HTTP/1.1")
  }
}
