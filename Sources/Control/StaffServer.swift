// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import LoopbackPages
import NIOCore
import Records

/// The page of those who look after the terminal, on an origin of its own: a page of the
/// resident's origin gets nothing here, whatever it knows.
public struct StaffServer: Sendable {
  private let port: Int
  private let token: String
  private let assets: Assets
  private let words: [String: Words.Sentence]
  private let view: @Sendable () async -> StaffView
  private let restart: @Sendable (_ place: String) -> DeviceLine?

  /// - Parameters:
  ///   - port: on loopback.
  ///   - token: 64 hexadecimal characters, made once a boot.
  ///   - words: what the page itself says, by key.
  ///   - restart: nil when there is no such place.
  public init(
    port: Int, token: String, assets: Assets, words: [String: Words.Sentence],
    view: @escaping @Sendable () async -> StaffView,
    restart: @escaping @Sendable (_ place: String) -> DeviceLine?
  ) {
    self.port = port
    self.token = token
    self.assets = assets
    self.words = words
    self.view = view
    self.restart = restart
  }

  public func application(logger: Logger) -> some ApplicationProtocol {
    Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
  }

  var router: Router<BasicRequestContext> {
    let router = Router()
    let (assets, words, view, restart) = (assets, words, view, restart)
    router.add(middleware: LoopbackGuard(port: port))
    router.add(middleware: PageHeaders(frameAncestors: []))
    router.get("/") { _, _ in assets.response("index.html") }
    router.get("/assets/:name") { _, context in
      assets.response(context.parameters.get("name") ?? "")
    }
    router.get("/words") { _, _ in try Answer.json(words) }
    let guarded = router.group().add(middleware: TokenGuard(token: token))
    guarded.get("/state") { _, _ in try Answer.json(await view()) }
    guarded.post("/devices/:place/restart") { _, context in
      guard let line = restart(context.parameters.get("place") ?? "") else {
        throw HTTPError(.notFound)
      }
      return try Answer.json(line, status: .accepted)
    }
    return router
  }
}

enum Answer {
  static func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(value)
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }
}
