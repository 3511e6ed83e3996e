// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird

/// Lets in only requests that name this machine by its loopback names: a page of another
/// origin, or a name that was made to point here, gets nothing.
public struct LoopbackGuard: RouterMiddleware {
  public typealias Context = BasicRequestContext
  private let hosts: Set<String>
  private let origins: Set<String>

  public init(port: Int) {
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    origins = Set(hosts.map { "http://\($0)" })
  }

  @concurrent public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let host = request.head.authority, hosts.contains(host) else {
      throw HTTPError(.misdirectedRequest)
    }
    if let origin = request.headers[.origin], !origins.contains(origin) {
      throw HTTPError(.forbidden)
    }
    return try await next(request, context)
  }
}

/// Only the page that was opened with this boot's token may see and do anything.
public struct TokenGuard: RouterMiddleware {
  public typealias Context = BasicRequestContext
  private let token: String

  public init(token: String) { self.token = token }

  @concurrent public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let given = request.headers[.authorization], Self.same(given, "Bearer \(token)") else {
      throw HTTPError(.unauthorized)
    }
    return try await next(request, context)
  }

  /// Compares without telling by its duration how far they agree.
  static func same(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    guard left.count == right.count else { return false }
    return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}

/// What every answer tells the browser to leave undone.
public struct PageHeaders: RouterMiddleware {
  public typealias Context = BasicRequestContext
  private let policy: String

  public init(frameAncestors: [String]) {
    let framers = frameAncestors.isEmpty ? "'none'" : frameAncestors.joined(separator: " ")
    policy = """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors \(framers)
      """
  }

  @concurrent public func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    var response = try await next(request, context)
    response.headers[.contentSecurityPolicy] = policy
    response.headers[.xContentTypeOptions] = "nosniff"
    response.headers[.cacheControl] = "no-store"
    if let referrer = HTTPField.Name("Referrer-Policy") { response.headers[referrer] = "no-referrer" }
    return response
  }
}
