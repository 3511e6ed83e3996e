// SPDX-License-Identifier: Apache-2.0

import Hummingbird

/// Turns away requests under a foreign name (DNS rebinding) and those that another site's
/// page sends.
struct OwnPageOnly<Context: RequestContext>: RouterMiddleware {
  let hosts: [String]

  init(port: UInt16) {
    hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
  }

  @concurrent func handle(
    _ request: Request, context: Context,
    next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let host = request.head.authority, hosts.contains(host) else {
      throw HTTPError(.misdirectedRequest, message: "not this host")
    }
    if let origin = request.headers[.origin], !hosts.contains(where: { "http://" + $0 == origin }) {
      throw HTTPError(.forbidden, message: "not this page")
    }
    return try await next(request, context)
  }
}
