// SPDX-License-Identifier: Apache-2.0

import Certificates
import NIOCore
import NIOSSL
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// Events and acknowledgements over real connections.
@Suite(.timeLimit(.minutes(1)))
struct EventStreamTests {
  private static let head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"

  private static func chunk(_ text: String) -> String {
    String(text.utf8.count, radix: 16) + "\r\n" + text + "\r\n"
  }

  @Test func bytesAreHeardAsTheyComeAndTheCutStreamEnds() async throws {
    let text = ": hb\n\nid: 3\nevent: catalogue\ndata: {\"version\":2}\n\n"
    let server = try await ScriptedServer.start { _ in .bytesAndClose(Self.head + Self.chunk(text)) }
    let heard = Reports<[UInt8]>()
    try await withLink(server, nil) { link in
      #expect(await link.events(after: "17") { heard.add($0) } == nil)
    }
    #expect(heard.all.first == [], "that it is open is heard before the first byte")
    #expect(String(decoding: heard.all.flatMap { $0 }, as: UTF8.self) == text)
    var requests = server.requests.makeAsyncIterator()
    let request = try await requests.one()
    #expect(request.line == "GET /v1/events HTTP/1.1")
    #expect(request.headers["last-event-id"] == "17")
    #expect(request.headers["accept"] == "text/event-stream")
  }

  @Test(arguments: [
    (200, "text/html", LinkTrouble.later(seconds: nil)), (403, "application/problem+json", .unknownTerminal),
    (302, "text/html", .later(seconds: nil)), (404, "text/plain", .missing),
  ])
  func whatIsNoEventStreamIsNotHeard(_ status: Int, _ type: String, _ expected: LinkTrouble) async throws {
    let server = try await ScriptedServer.start { _ in .http(status, type, "data: x\n\n") }
    try await withLink(server, nil) { link in
      let trouble = await link.events(after: nil) { _ in Issue.record("it was heard") }
      #expect(trouble == expected)
    }
  }

  @Test func theStreamEndsWhenTheCredentialsAreReplaced() async throws {
    let authority = try TestAuthority()
    let key = CertificateKey.generated()
    let credentials = try authority.credentials(key)
    let server = try await ScriptedServer.start(tls: try authority.server()) { _ in
      .bytes(Self.head + Self.chunk(": hb\n\n"))
    }
    let next = try authority.terminal(key: key)
    let serials = try [credentials.certificate, PeerCertificate(pem: next)].map(\.serial)
    try await withLink(server, credentials) { link in
      for _ in 0..<2 {
        let trouble = await link.events(after: nil) { bytes in
          guard bytes.isEmpty else { return }
          do {
            try credentials.replace(certificate: next, authority: authority.pem)
          } catch {
            Issue.record(error)
          }
        }
        #expect(trouble == nil)
      }
    }
    var requests = server.requests.makeAsyncIterator()
    var seen: [String] = []
    for _ in 0..<2 {
      let peer = try #require(try await requests.one().peer)
      seen.append(try PeerCertificate(der: try peer.toDERBytes()).serial)
    }
    #expect(seen == serials, "the second stream shows the new certificate")
  }

  @Test func aListenerEndsPromptlyWhenItIsCancelled() async throws {
    let server = try await ScriptedServer.start { _ in .bytes(Self.head) }
    try await withLink(server, nil) { link in
      await withTaskGroup(of: Void.self) { group in
        let (opened, open) = AsyncStream.makeStream(of: Void.self)
        group.addTask { _ = await link.events(after: nil) { _ in open.yield() } }
        for await _ in opened { break }
        group.cancelAll()
      }
    }
  }

  @Test(arguments: [
    (204, "", LinkTrouble?.none), (200, "application/json", nil), (200, "text/html", .later(seconds: nil)),
    (404, "application/problem+json", .missing), (403, "application/problem+json", .unknownTerminal),
    (503, "text/plain", .later(seconds: nil)),
  ])
  func anAcknowledgementCountsOnlyWhenTheCentreSaysSo(
    _ status: Int, _ type: String, _ expected: LinkTrouble?
  ) async throws {
    let server = try await ScriptedServer.start { _ in
      status == 204 ? .bytes("HTTP/1.1 204 X\r\n\r\n") : .http(status, type, "{}")
    }
    try await withLink(server, nil) { link in
      var trouble: LinkTrouble?
      do throws(LinkTrouble) {
        try await link.acknowledge("00ff", CommandOutcome(.done))
      } catch {
        trouble = error
      }
      #expect(trouble == expected)
    }
    var requests = server.requests.makeAsyncIterator()
    let request = try await requests.one()
    #expect(request.line == "POST /v1/commands/00ff HTTP/1.1")
    #expect(try CommandReport.decode(Array(request.body.utf8)).outcome == CommandOutcome(.done))
  }
}
