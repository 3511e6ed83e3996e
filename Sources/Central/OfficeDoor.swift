// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import Records
import ServiceLifecycle
import Wire

/// The door of the back office: the clerks' desk, opened cases, and what the centre itself
/// answers to clerks.
struct OfficeDoor {
  let office: Office

  func responder() -> DoorResponder {
    var table = RouteTable(logger: office.logger)
    let token = ClerkToken(office.clerkToken)
    table.get("healthz") { _, _ in Answer.json(["status": "ok"]) }
    table.get("clerk") { [office] _, _ in
      Pages.page(Template.fill(office.pages.clerk, words: office.words))
    }
    table.get("assets/:file") { [office] request, context in
      try office.pages.asset(context.parameters.get("file") ?? "", for: request)
    }
    table.get(
      "v1/cases/:number",
      token.only { [self] _, context in
        try await opened(try Asking.number(context))
      })
    for path in ["v1/cases", "v1/counts", "v1/tasks", "v1/terminals", "v1/terminals/:terminal/commands"] {
      table.get(path, token.only(forward))
    }
    for path in [
      "v1/tasks/:row/settlement", "v1/terminals/:terminal/commands",
      "v1/terminals/:terminal/revocation", "v1/clerk/matters/:matter/withdraw",
    ] { table.post(path, token.only(forward)) }
    return table.responder()
  }

  private func opened(_ number: CaseNumber) async throws -> Response {
    let answer = try await ask(
      CentreQuestion(
        isPost: false, path: "/v1/cases/\(number)/envelope", token: office.clerkToken))
    guard answer.status == 200 else { return Self.response(answer) }
    let sealed: SealedCase
    do {
      sealed = try JSONDecoder().decode(SealedCase.self, from: Data(answer.body))
    } catch {
      throw ProblemDetails(status: .badGateway)
    }
    guard sealed.case.number == number else { throw ProblemDetails(status: .badGateway) }
    office.logger.info("case opened", metadata: ["envelope": "\(sealed.case.id)"])
    return Answer.json(
      OpenedCase(entry: sealed.case, content: office.content(of: sealed.envelope, number: number)))
  }

  /// The path as it came, so that nothing is read twice in two ways.
  private func forward(_ request: Request, _ context: DoorContext) async throws -> Response {
    let body = try await Asking.body(of: request)
    return Self.response(
      try await ask(
        CentreQuestion(
          isPost: request.method == .post, path: request.head.path ?? "/",
          token: office.clerkToken, body: body)))
  }

  private func ask(_ question: CentreQuestion) async throws -> CentreAnswer {
    do {
      return try await office.centre.ask(question)
    } catch {
      office.logger.warning("centre not reached", metadata: ["error": "\(type(of: error))"])
      throw ProblemDetails(status: .badGateway)
    }
  }

  private static func response(_ answer: CentreAnswer) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = answer.mediaType
    headers[.cacheControl] = "no-store"
    return Response(
      status: .init(code: answer.status), headers: headers,
      body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
  }
}

extension Office {
  /// `listening` is told the port once.
  public func door(
    at place: DoorPlace, listening: @escaping @Sendable (Int) -> Void
  ) -> any Service {
    Application.door(
      OfficeDoor(office: self).responder(), at: place, tls: nil, bodySeconds: bodySeconds,
      logger: logger, listening: listening)
  }
}
