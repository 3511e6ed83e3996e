// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import LoopbackPages
import NIOCore
import NIOEmbedded
import Records
import Testing

@testable import Control

@Suite("The staff page's server")
struct StaffServerTests {
  private static let host = "127.0.0.1:4100"
  private static let open: HTTPFields = [.authorization: "Bearer secret"]

  private static let line = DeviceLine(
    place: "reader", name: .init(zh: "读卡器", en: "Card reader"), model: "sdt-usb", state: "ready",
    since: Timestamp(milliseconds: 1000))
  private static let view = StaffView(
    at: Timestamp(milliseconds: 2000), site: .init(zh: "平澜", en: "Pinglan"),
    terminal: .init(zh: "12号", en: "No. 12"), devices: [line], parts: [], counts: nil, paper: nil)

  private func answer(
    _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = open, host: String = host
  ) async throws -> Response {
    let server = StaffServer(
      port: 4100, token: "secret", assets: Assets(["index.html": Array("<html>".utf8)]),
      words: ["staff.title": .init(zh: "设备", en: "Devices")], view: { Self.view },
      restart: { $0 == "reader" ? Self.line : nil })
    let head = HTTPRequest(
      method: method, scheme: "http", authority: host, path: path, headerFields: headers)
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    return try await server.router.buildResponder()
      .respond(to: Request(head: head, body: .init(buffer: ByteBuffer())), context: context)
  }

  private func status(
    _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = open, host: String = host
  ) async throws -> HTTPResponse.Status {
    do {
      return try await answer(method, path, headers, host: host).status
    } catch let error as HTTPError {
      return error.status
    }
  }

  @Test("the page itself holds nothing and needs no token")
  func page() async throws {
    #expect(try await status(.get, "/", [:]) == .ok)
    #expect(try await status(.get, "/words", [:]) == .ok)
    #expect(try await status(.get, "/assets/../../identity.json", [:]) == .notFound)
  }

  @Test("states and restarts need the boot's token", arguments: ["", "Bearer secre", "Bearer secreT"])
  func token(given: String) async throws {
    let headers: HTTPFields = given.isEmpty ? [:] : [.authorization: given]
    #expect(try await status(.get, "/state", headers) == .unauthorized)
    #expect(try await status(.post, "/devices/reader/restart", headers) == .unauthorized)
    #expect(try await status(.get, "/state") == .ok)
  }

  @Test("the resident's page, a foreign page and a foreign name get nothing")
  func strangers() async throws {
    for origin in ["http://127.0.0.1:4000", "http://evil.example", "null"] {
      let headers: HTTPFields = [.authorization: "Bearer secret", .origin: origin]
      #expect(try await status(.post, "/devices/reader/restart", headers) == .forbidden)
    }
    #expect(try await status(.get, "/state", host: "evil.example:4100") == .misdirectedRequest)
    #expect(try await status(.get, "/", [:], host: "127.0.0.1:4000") == .misdirectedRequest)
  }

  @Test("a restart is answered at once; a place that is not there is not found")
  func restart() async throws {
    #expect(try await status(.post, "/devices/reader/restart") == .accepted)
    #expect(try await status(.post, "/devices/toaster/restart") == .notFound)
    #expect(try await status(.get, "/devices/reader/restart") == .notFound)
  }

  @Test("the browser may load this page's own files only, and nobody may frame it")
  func policy() async throws {
    let headers = try await answer(.get, "/state").headers
    let policy = try #require(headers[.contentSecurityPolicy])
    #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
    #expect(!policy.contains("unsafe"))
    #expect(headers[.cacheControl] == "no-store")
  }
}
