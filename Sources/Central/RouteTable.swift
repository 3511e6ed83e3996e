// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging

/// The paths of one door. A path that is there with another method says so (RFC 9110,
/// 15.5.6).
struct RouteTable {
  typealias Handler = @Sendable (Request, DoorContext) async throws -> Response

  private static let methods: [HTTPRequest.Method] = [
    .get, .head, .post, .put, .patch, .delete, .options, .trace,
  ]

  private let router = Router(context: DoorContext.self, options: .autoGenerateHeadEndpoints)
  private var served: [String: Set<HTTPRequest.Method>] = [:]

  init(logger: Logger) { router.add(middleware: ProblemMiddleware(logger: logger)) }

  func add(_ middleware: some MiddlewareProtocol<Request, Response, DoorContext>) {
    router.add(middleware: middleware)
  }

  mutating func get(_ path: String, _ handler: @escaping Handler) {
    served[path, default: []].formUnion([.get, .head])
    router.on(RouterPath(path), method: .get, use: handler)
  }

  mutating func post(_ path: String, _ handler: @escaping Handler) {
    served[path, default: []].insert(.post)
    router.on(RouterPath(path), method: .post, use: handler)
  }

  /// All that was added, and a refusal for every other method.
  func finished() -> Router<DoorContext> {
    for (path, served) in served {
      let allow = Self.methods.filter { served.contains($0) }.map(\.rawValue).joined(separator: ", ")
      for method in Self.methods where !served.contains(method) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in
          throw ProblemDetails.methodNotAllowed(allow)
        }
      }
    }
    return router
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
