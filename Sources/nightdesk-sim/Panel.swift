// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import Simulators

/// The bench over HTTP: its page, and the orders that page and tests send. Loopback only.
struct Panel: Sendable {
  let bench: Bench
  let port: UInt16
  let page: String?
  let screen: Screen

  /// Until SIGTERM or SIGINT.
  func run() async throws {
    var logger = Logger(label: "nightdesk-sim")
    logger.logLevel = .error
    let application = Application(
      router: router(),
      configuration: ApplicationConfiguration(
        address: .hostname("127.0.0.1", port: Int(port)), serverName: nil),
      onServerRunning: { channel in
        print("bench: http://127.0.0.1:\(channel.localAddress?.port ?? Int(port))")
        fflush(nil)
      },
      logger: logger)
    try await application.runService()
  }

  private func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.middlewares.add(OwnPageOnly(port: port))
    addFacts(to: router)
    addOrder(CardOrder.self, at: "card", to: router)
    addOrder(PrinterOrder.self, at: "printer", to: router)
    addOrder(NetworkOrder.self, at: "network", to: router)
    addOrder(ReaderOrder.self, at: "reader", to: router)
    addOrder(ScannerOrder.self, at: "scanner", to: router)
    addFiles(to: router)
    return router
  }

  private func addFacts(to router: Router<BasicRequestContext>) {
    router.get("state") { _, _ in try json(bench.state) }
    router.get("screen") { _, _ in try json(screen.address) }
    router.get("papers") { _, _ in try json(bench.papers.papers.map { PaperEntry($0) }) }
    router.get("events") { request, _ in
      let since = request.uri.queryParameters.get("since", as: UInt64.self) ?? 0
      return try json(bench.events.events.filter { $0.ns > since })
    }
    router.get("papers/:file") { _, context in
      let parts = try context.parameters.require("file").split(separator: ".")
      guard parts.count == 2, let number = Int(parts[0]), ["png", "bin"].contains(parts[1]),
        bench.papers.papers.contains(where: { $0.number == number })
      else { throw HTTPError(.notFound) }
      let name = "\(PaperFolder.name(number)).\(parts[1])"
      return try file(name, in: bench.papers.path)
    }
  }

  private func addOrder<Wanted: Order & Sendable>(
    _ type: Wanted.Type, at path: RouterPath, to router: Router<BasicRequestContext>
  ) {
    router.post(path) { request, _ in
      let body = try await request.body.collect(upTo: 65_536)
      do {
        let order = try read(type, Data(body.readableBytesView))
        return try json(try await bench.control { try order.carryOut($0) })
      } catch let mistake as BadOrder {
        return try json(["problem": mistake.sentence], status: .badRequest)
      }
    }
  }

  /// Keys are compared by hand, since a misspelt order that does nothing would let a test
  /// pass for the wrong reason.
  private func read<Wanted: Order>(_ type: Wanted.Type, _ body: Data) throws -> Wanted {
    let keys = (try? JSONSerialization.jsonObject(with: body) as? [String: Any])?.keys
    guard let keys, !keys.isEmpty, Set(keys).isSubset(of: Wanted.keys) else {
      let wanted = Wanted.keys.sorted().joined(separator: ", ")
      throw BadOrder(sentence: "an object with one or more of these keys is wanted: \(wanted)")
    }
    do {
      return try JSONDecoder().decode(type, from: body)
    } catch {
      throw BadOrder(sentence: "the order does not have its form")
    }
  }

  private func addFiles(to router: Router<BasicRequestContext>) {
    router.get("/") { request, _ in
      // The screen allows its frame on one name of the loopback only.
      if request.head.authority?.hasPrefix("localhost") == true {
        return Response.redirect(to: "http://127.0.0.1:\(port)/", type: .temporary)
      }
      return try pageFile("index.html")
    }
    router.get("bench/:file") { _, context in
      try pageFile(try context.parameters.require("file"))
    }
  }

  private func pageFile(_ name: String) throws -> Response {
    let plain = name.utf8.allSatisfy { (97...122).contains($0) || $0 == 46 || $0 == 45 }
    guard let page, plain, !name.hasPrefix(".") else { throw HTTPError(.notFound) }
    var response = try file(name, in: page)
    let policy =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
      + "connect-src 'self'; frame-src \(screen.origin.origins.joined(separator: " ")); "
      + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    response.headers[.contentSecurityPolicy] = policy
    return response
  }

  private func file(_ name: String, in folder: String) throws -> Response {
    let types = [
      "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8",
      "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml", "png": "image/png",
      "bin": "application/octet-stream",
    ]
    guard let ending = name.split(separator: ".").last, let type = types[String(ending)],
      let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
    else { throw HTTPError(.notFound) }
    return answer(data, type)
  }

  private func json(
    _ value: some Encodable, status: HTTPResponse.Status = .ok
  ) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return answer(try encoder.encode(value), "application/json", status)
  }

  private func answer(
    _ data: Data, _ type: String, _ status: HTTPResponse.Status = .ok
  ) -> Response {
    let headers: HTTPFields = [
      .contentType: type, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
    ]
    return Response(
      status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }
}
