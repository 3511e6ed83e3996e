// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Records

/// What the terminal answers to staff on its own Unix socket.
public struct ControlAnswers: Sendable {
  public var doctor: @Sendable () async throws -> [DoctorLine]
  /// Reads the whole file.
  public var ledger: @Sendable () async throws -> LedgerReport
  public var counts: @Sendable () async throws -> LedgerCounts
  public var outbox: @Sendable (_ limit: Int) async throws -> [OutboxRow]

  public init(
    doctor: @escaping @Sendable () async throws -> [DoctorLine],
    ledger: @escaping @Sendable () async throws -> LedgerReport,
    counts: @escaping @Sendable () async throws -> LedgerCounts,
    outbox: @escaping @Sendable (_ limit: Int) async throws -> [OutboxRow]
  ) {
    self.doctor = doctor
    self.ledger = ledger
    self.counts = counts
    self.outbox = outbox
  }
}

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
    let answers = answers
    router.get("/v1/doctor") { _, _ in try Self.json(try await answers.doctor()) }
    router.get("/v1/ledger") { _, _ in try Self.json(try await answers.ledger()) }
    router.get("/v1/counts") { _, _ in try Self.json(try await answers.counts()) }
    router.get("/v1/outbox") { request, _ in
      let limit = request.uri.queryParameters["limit"].flatMap { Int($0) } ?? 1000
      return try Self.json(try await answers.outbox(limit))
    }
    return Application(
      router: router, configuration: .init(address: .unixDomainSocket(path: path)), logger: logger)
  }

  private static func json(_ value: some Encodable) throws -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(value)
    return Response(
      status: .ok, headers: [.contentType: "application/json"],
      body: .init(byteBuffer: ByteBuffer(bytes: data)))
  }
}
