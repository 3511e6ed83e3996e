// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import LoopbackPages
import NIOCore
import Records
import ServiceLifecycle
import StrictJSON
import Visits

/// The loopback web server of the resident's screen.
public struct ScreenServer: Sendable {
  public struct Configuration: Sendable {
    public var port: Int
    /// 64 hexadecimal characters, made once a boot.
    public var token: String
    /// Origins that may frame the page: a bench's panel, and nothing on a real terminal.
    public var frameAncestors: [String]

    public init(port: Int, token: String, frameAncestors: [String]) {
      self.port = port
      self.token = token
      self.frameAncestors = frameAncestors
    }
  }

  /// Largest body of a choice; a page of ours never comes near it.
  static let bodyLimit = 262_144

  private let configuration: Configuration
  private let stage: BrowserStage
  private let assets: Assets
  /// Said to a page whose place another one took.
  private let replaced: String

  public init(configuration: Configuration, stage: BrowserStage, assets: Assets, words: Words) {
    self.configuration = configuration
    self.stage = stage
    self.assets = assets
    let notice = Replaced(
      title: words("page.replaced-title", .zh) + " / " + words("page.replaced-title", .en),
      text: words("page.replaced-text", .zh) + " / " + words("page.replaced-text", .en))
    // Two strings; it cannot fail to encode.
    replaced = (try? JSONEncoder().encode(notice)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private struct Replaced: Encodable {
    var title: String
    var text: String
  }

  private struct Drawn: Decodable {
    var scene: Int
  }

  public func application(logger: Logger) -> some ApplicationProtocol {
    let router = Router()
    router.add(middleware: LoopbackGuard(port: configuration.port))
    router.add(middleware: PageHeaders(frameAncestors: configuration.frameAncestors))
    router.get("/") { _, _ in assets.response("index.html") }
    router.get("/assets/:name") { _, context in
      assets.response(context.parameters.get("name") ?? "")
    }
    let guarded = router.group().add(middleware: TokenGuard(token: configuration.token))
    guarded.get("/scenes") { request, _ in
      scenes(page: String(request.uri.queryParameters["page"] ?? ""))
    }
    guarded.post("/choices") { request, _ in
      let choice = try await Self.body(Choice.self, of: request)
      return Response(status: stage.take(choice) ? .noContent : .conflict)
    }
    guarded.post("/drawn") { request, _ in
      stage.confirm(drawn: try await Self.body(Drawn.self, of: request).scene)
      return Response(status: .noContent)
    }
    return Application(
      router: router,
      configuration: .init(address: .hostname("127.0.0.1", port: configuration.port)),
      logger: logger)
  }

  private static func body<Value: Decodable>(
    _ type: Value.Type, of request: Request
  ) async throws -> Value {
    let buffer = try await request.body.collect(upTo: bodyLimit)
    do {
      return try StrictJSON.decode(type, from: Array(buffer.readableBytesView))
    } catch {
      throw HTTPError(.badRequest)
    }
  }

  private func scenes(page: String) -> Response {
    let messages = stage.attach(page: page)
    let stage = stage
    let replaced = replaced
    let body = ResponseBody { writer in
      try await withGracefulShutdownHandler {
        for await message in messages {
          try await writer.write(ByteBuffer(string: Self.event(message, replaced: replaced)))
        }
      } onGracefulShutdown: {
        stage.close()
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  private static func event(_ message: BrowserStage.Message, replaced: String) -> String {
    switch message {
    case .scene(let json): "data: \(json)\n\n"
    case .replaced: "event: replaced\ndata: \(replaced)\n\n"
    case .heartbeat: ": still here\n\n"
    }
  }
}
