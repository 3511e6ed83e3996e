// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging

/// The paths of one door.
struct RouteTable {
  typealias Handler = @Sendable (Request, DoorContext) async throws -> Response

  private let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
  private let logger: Logger
  private var served: [String: Set<String>] = [:]

  init(logger: Logger) {
    self.logger = logger
    router.add(middleware: ProblemMiddleware(logger: logger))
  }

  func add(_ middleware: some MiddlewareProtocol<Request, Response, DoorContext>) {
    router.add(middleware: middleware)
  }

  mutating func get(_ path: String, _ handler: @escaping Handler) {
    served[path, default: []].formUnion(["GET", "HEAD"])
    router.on(RouterPath(path), method: .get, use: handler)
  }

  mutating func post(_ path: String, _ handler: @escaping Handler) {
    served[path, default: []].insert("POST")
    router.on(RouterPath(path), method: .post, use: handler)
  }

  func responder() -> DoorResponder {
    DoorResponder(
      routes: router.buildResponder(),
      served: served.map { path, methods in
        (path.split(separator: "/").map { String($0) }, methods)
      })
  }
}

/// The routes of one door; a path that is there with another method says so (RFC 9110,
/// 15.5.6).
struct DoorResponder: HTTPResponder {
  let routes: RouterResponder<DoorContext>
  /// Methods by the parts of the path.
  let served: [(path: [String], methods: Set<String>)]

  @concurrent func respond(to request: Request, context: DoorContext) async throws -> Response {
    let asked = request.uri.path.split(separator: "/")
    let there = served.filter { Self.fits(asked, $0.path) }
    let methods = there.reduce(into: Set<String>()) { $0.formUnion($1.methods) }
    guard methods.isEmpty || methods.contains(request.method.rawValue) else {
      return ProblemDetails.methodNotAllowed(methods.sorted().joined(separator: ", ")).response
    }
    return try await routes.respond(to: request, context: context)
  }

  private static func fits(_ asked: [Substring], _ path: [String]) -> Bool {
    asked.count == path.count && zip(asked, path).allSatisfy { $1.hasPrefix(":") || $0 == $1 }
  }
}

extension ClerkToken {
  /// The same, for clerks only.
  func only(_ handler: @escaping RouteTable.Handler) -> RouteTable.Handler {
    { request, context in
      try require(request)
      return try await handler(request, context)
    }
  }
}
