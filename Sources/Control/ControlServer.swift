// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Hummingbird
import Logging
import Records
import StrictJSON

/// The Unix socket that `kioskctl` talks to. Who may open the socket's folder may ask.
public struct ControlServer: Sendable {
  private let path: String
  private let answers: ControlAnswers

  public init(path: String, answers: ControlAnswers) {
    self.path = path
    self.answers = answers
  }

  public func application(logger: Logger) -> some ApplicationProtocol {
    let router = Router()
    look(router)
    outbox(router)
    devices(router)
    return Application(
      router: router, configuration: .init(address: .unixDomainSocket(path: path)), logger: logger)
  }

  private func look(_ router: Router<BasicRequestContext>) {
    let answers = answers
    router.get("/v1/doctor") { _, _ in try Answer.json(try await answers.doctor()) }
    router.get("/v1/ledger") { _, _ in try Answer.json(try await answers.ledger()) }
    router.get("/v1/counts") { _, _ in try Answer.json(try await answers.counts()) }
    // The claim code goes in the body: addresses are written down in many places.
    router.post("/v1/progress") { request, _ in
      let body = try await request.body.collect(upTo: 4096)
      let question: ProgressQuestion
      do throws(JSONFault) {
        question = try StrictJSON.decode(ProgressQuestion.self, from: Array(body.readableBytesView))
      } catch {
        throw HTTPError(.badRequest, message: "\(error)")
      }
      return try Answer.json(await answers.progress(question))
    }
  }

  private func outbox(_ router: Router<BasicRequestContext>) {
    let answers = answers
    router.get("/v1/outbox") { request, _ in
      try Answer.json(try await answers.outbox(Self.number("limit", of: request) ?? 1000))
    }
    router.get("/v1/outbox/:id") { _, context in
      let id = try Self.id(context)
      return try await Self.found { try Answer.json(try await answers.outboxRow(id)) }
    }
    router.post("/v1/outbox/:id/retry") { _, context in
      let id = try Self.id(context)
      return try await Self.found { try Answer.json(try await answers.retry(id)) }
    }
    router.get("/v1/export") { request, _ in
      let after = Int64(Self.number("after", of: request) ?? 0)
      return try Answer.json(try await answers.export(after, Self.number("limit", of: request) ?? 100))
    }
  }

  private func devices(_ router: Router<BasicRequestContext>) {
    let answers = answers
    router.get("/v1/devices") { _, _ in try Answer.json(answers.devices()) }
    router.post("/v1/devices/:place/restart") { _, context in
      guard let line = answers.restart(context.parameters.get("place") ?? "") else {
        throw HTTPError(.notFound)
      }
      return try Answer.json(line)
    }
  }

  private static func number(_ name: String, of request: Request) -> Int? {
    request.uri.queryParameters[Substring(name)].flatMap { Int($0) }
  }

  private static func id(_ context: BasicRequestContext) throws -> EnvelopeID {
    guard let id = context.parameters.get("id").flatMap({ EnvelopeID($0) }) else {
      throw HTTPError(.badRequest, message: "not an id")
    }
    return id
  }

  /// A row that is not there is no trouble of the terminal.
  private static func found(_ answer: () async throws -> Response) async throws -> Response {
    do {
      return try await answer()
    } catch StoreFault.missing {
      throw HTTPError(.notFound)
    }
  }
}
