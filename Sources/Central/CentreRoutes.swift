// SPDX-License-Identifier: Apache-2.0

import CentralStore
import HTTPTypes
import Hummingbird
import Records
import Wire

/// Which address asks for what; `Kiosk/Config/centre.openapi.json` is the contract.
struct CentreRoutes {
  typealias Context = BasicRequestContext

  /// Bytes of a batch; bytes of anything else.
  static let batchLimit = 10 * 1024 * 1024
  static let smallLimit = 16 * 1024

  let centre: Centre

  var router: Router<Context> {
    let router = Router(context: Context.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: ProblemMiddleware(logger: centre.logger))
    router.get("healthz") { _, _ in Self.json(["status": "ok"]) }
    addTerminals(to: router)
    addResidents(to: router)
    addClerks(to: router.group("v1").add(middleware: ClerkMiddleware(centre: centre)))
    return router
  }

  private func addTerminals(to router: Router<Context>) {
    router.post("v1/enrolments") { [centre] request, _ in
      let message = try EnrolmentRequest.decode(try await Self.body(of: request))
      let host = request.head.authority ?? "localhost"
      return Self.json(try await centre.enrol(message, at: "http://\(host)"))
    }
    router.post("v1/batches") { [centre] request, _ in
      let bytes = try await Self.body(of: request, limit: Self.batchLimit)
      let reply = try await centre.take(try BatchRequest.decode(bytes))
      return Self.json(reply, mediaType: BatchReply.mediaType)
    }
  }

  private func addResidents(to router: Router<Context>) {
    router.get("v1/progress/:number") { [centre] _, context in
      Self.json(try await centre.progress(of: try Self.number(context)))
    }
    router.post("v1/progress") { [centre] request, _ in
      let message = try ProgressRequest.decode(try await Self.body(of: request))
      guard let number = CaseNumber(message.number) else { throw ProblemDetails.illFormedNumber }
      guard let code = ClaimCode(message.claimCode) else { throw ProblemDetails.illFormedClaimCode }
      return Self.json(try await centre.progress(of: number, claimedWith: code))
    }
    router.get("p/:number") { [centre] _, context in
      try await centre.progressPage(context.parameters.get("number") ?? "")
    }
    router.get("clerk") { [centre] _, _ in centre.clerkPage() }
    router.get("assets/:file") { [centre] _, context in
      try centre.asset(context.parameters.get("file") ?? "")
    }
  }

  private func addClerks(to clerks: RouterGroup<Context>) {
    clerks.get("cases") { [centre] request, _ in
      let page = try Self.page(request)
      return Self.json(try await centre.listing(after: page.cursor, limit: page.limit))
    }
    clerks.get("cases/:number") { [centre] _, context in
      Self.json(try await centre.opened(try Self.number(context)))
    }
    clerks.get("counts") { [centre] _, _ in Self.json(try await centre.store.counts()) }
    clerks.post("clerk/matters/:matter/withdraw") { [centre] _, context in
      let matter = context.parameters.get("matter") ?? ""
      try await centre.withdraw(matter: matter)
      return Self.json(Withdrawal(matter: matter))
    }
  }

  private struct Withdrawal: Encodable {
    var matter: String
    var withdrawn = true
  }
}

extension CentreRoutes {
  private static func body(of request: Request, limit: Int = smallLimit) async throws -> [UInt8] {
    try await Array(buffer: request.body.collect(upTo: limit))
  }

  private static func number(_ context: Context) throws -> CaseNumber {
    guard let number = CaseNumber(context.parameters.get("number") ?? "") else {
      throw ProblemDetails.illFormedNumber
    }
    return number
  }

  private static func page(_ request: Request) throws -> (cursor: Int64, limit: Int) {
    let query = request.uri.queryParameters
    guard let cursor = Int64(query["cursor"] ?? "0"), cursor >= 0,
      let limit = Int(query["limit"] ?? "100"), (1...500).contains(limit)
    else { throw ProblemDetails.illFormedPage }
    return (cursor, limit)
  }

  private static func json(
    _ value: some Encodable, mediaType: String = "application/json"
  ) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = mediaType
    headers[.cacheControl] = "no-store"
    return Response(
      status: .ok, headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: Canonical.encode(value))))
  }
}
