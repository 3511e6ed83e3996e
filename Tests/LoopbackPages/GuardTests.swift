// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import LoopbackPages
import NIOCore
import NIOEmbedded
import Testing

struct GuardTests {
  private func status(
    _ middleware: some MiddlewareProtocol<Request, Response, BasicRequestContext>, host: String,
    _ headers: HTTPFields = [:]
  ) async throws -> HTTPResponse.Status {
    let head = HTTPRequest(
      method: .get, scheme: "http", authority: host, path: "/scenes", headerFields: headers)
    let request = Request(head: head, body: .init(buffer: ByteBuffer()))
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(channel: EmbeddedChannel(), logger: Logger(label: "test")))
    do {
      return try await middleware.handle(request, context: context) { _, _ in Response(status: .ok) }.status
    } catch let error as HTTPError {
      return error.status
    }
  }

  @Test(arguments: ["127.0.0.1:4000", "localhost:4000"])
  func theLoopbackNamesAreLetIn(_ host: String) async throws {
    #expect(try await status(LoopbackGuard(port: 4000), host: host) == .ok)
  }

  @Test(arguments: [
    "evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "[::1]:4000", "localhost.evil.example:4000",
  ])
  func anyOtherNameIsTurnedAway(_ host: String) async throws {
    #expect(try await status(LoopbackGuard(port: 4000), host: host) == .misdirectedRequest)
  }

  @Test(arguments: ["http://evil.example", "null", "http://127.0.0.1:4001", "https://localhost:4000"])
  func aPageOfAnotherOriginIsTurnedAway(_ origin: String) async throws {
    let answer = try await status(LoopbackGuard(port: 4000), host: "localhost:4000", [.origin: origin])
    #expect(answer == .forbidden)
  }

  @Test func onlyTheBootsTokenOpens() async throws {
    let guarded = TokenGuard(token: "abc")
    #expect(try await status(guarded, host: "localhost:4000") == .unauthorized)
    for wrong in ["Bearer abd", "Bearer ab", "abc", "Bearer abcd"] {
      #expect(try await status(guarded, host: "localhost:4000", [.authorization: wrong]) == .unauthorized)
    }
    #expect(try await status(guarded, host: "localhost:4000", [.authorization: "Bearer abc"]) == .ok)
  }
}
