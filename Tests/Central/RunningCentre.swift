// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import Records
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import Central

/// A centre that serves on a free port, with its store in a folder of its own.
final class RunningCentre: Sendable {
  let address: String
  let codes: CodesInMemory
  private let store: SQLiteCaseStore
  static let clerkToken = "5ec2e7"

  private init(address: String, codes: CodesInMemory, store: SQLiteCaseStore) {
    self.address = address
    self.codes = codes
    self.store = store
  }

  /// Serves while `body` runs.
  static func serving(_ body: @escaping @Sendable (RunningCentre) async throws -> Void) async throws {
    var template = Array("/tmp/centre-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let store = try SQLiteCaseStore.open(path: folder + "/centre.sqlite") {}
    let codes = CodesInMemory()
    defer {
      try? store.close()
      for ending in ["", "-wal", "-shm", ".lock"] { unlink(folder + "/centre.sqlite" + ending) }
      rmdir(folder)
    }
    try await serving(store, codes, body)
  }

  /// Serves the same store with keys of the centre that are new.
  func withAnotherKey(_ body: @escaping @Sendable (RunningCentre) async throws -> Void) async throws {
    try await Self.serving(store, codes, body)
  }

  private static func serving(
    _ store: SQLiteCaseStore, _ codes: CodesInMemory,
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    let (ports, found) = AsyncStream<Int>.makeStream()
    let server = centre(store, codes).server(port: 0) { found.yield($0) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      let port = try #require(await ports.first { _ in true })
      try await body(RunningCentre(address: "http://127.0.0.1:\(port)", codes: codes, store: store))
      group.cancelAll()
    }
  }

  private static func centre(_ store: any CaseStore, _ codes: CodesInMemory) -> Centre {
    let words = [
      "centre.state.notArrived": ("尚未收到，可能仍在终端待传", "Not yet"),
      "centre.state.received": ("已收到", "Received"),
      "centre.state.refused": ("传送未成功（技术原因），不是不予受理。", "Not taken."),
      "centre.advice.notArrived": ("请等候", "Wait"), "centre.advice.received": ("等通知", "Wait"),
      "centre.advice.refused": ("工作人员正在核对。", "Staff look into it."),
      "centre.advice.matterWithdrawn": ("该事项已停止办理。", "Withdrawn."),
      "page.title": ("进度 & <事项>", "Progress"),
    ]
    return Centre(
      store: store, enrolmentCodes: codes,
      keys: .init(
        routing: .generated(), content: .generated(),
        root: RootDocument(version: 1, signers: [], threshold: 1), clerkToken: clerkToken),
      clock: FixedTime(), words: Words(words.mapValues { Words.Sentence(zh: $0.0, en: $0.1) }),
      matters: ["card": .init(zh: "尊老金申领", en: "Old-age allowance")],
      pages: Pages(
        progress: """
          {{zh page.title}}|{{state}}|{{number}}|{{number1}}|{{number2}}|{{headline.zh}}|{{advice.en}}
          """,
        illFormed: "no number: {{en page.title}}", clerk: "clerk: {{zh page.title}}",
        assets: ["a.js": .init(bytes: [1, 2], mediaType: "text/javascript")]),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  /// A terminal with a one-time code of its own.
  func enrolled(_ terminal: String = "T0012", chance: UInt8 = 7) async throws -> SampleTerminal {
    var sample = SampleTerminal()
    let reply = try await post(
      "/v1/enrolments",
      EnrolmentRequest(
        code: codes.make(for: terminal, chance: chance), publicKey: sample.signer.publicKey))
    sample.identity = try EnrolmentReply.decode(reply.bytes).identity
    return sample
  }

  func deliver(_ messages: EnvelopeMessage...) async throws -> [Verdict?] {
    let answer = try await post(
      "/v1/batches", BatchRequest(batch: "b7", terminal: "T0012", envelopes: messages))
    #expect(answer.header("content-type") == BatchReply.mediaType)
    let reply = try BatchReply.decode(answer.bytes)
    #expect(reply.batch == "b7")
    return reply.verdicts.map(\.meaning)
  }

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first(name: name) }
  }

  func post(_ path: String, _ message: some Encodable, token: String? = nil) async throws -> Answer {
    try await send(path, Canonical.encode(message), token: token)
  }

  func send(_ path: String, _ body: [UInt8]?, token: String? = nil) async throws -> Answer {
    try await ask(.POST, path, body, token: token)
  }

  func get(_ path: String, token: String? = nil) async throws -> Answer {
    try await ask(.GET, path, nil, token: token)
  }

  private func ask(
    _ method: HTTPMethod, _ path: String, _ body: [UInt8]?, token: String? = nil
  ) async throws -> Answer {
    var request = HTTPClientRequest(url: address + path)
    request.method = method
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    if let body { request.body = .bytes(body) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    let bytes = try await response.body.collect(upTo: 1 << 24)
    return Answer(
      status: Int(response.status.code), headers: response.headers,
      bytes: Array(bytes.readableBytesView))
  }
}

/// The time a test is at.
struct FixedTime: WallTime {
  func now() -> QualifiedTime {
    QualifiedTime(at: SampleTerminal.night.advanced(bySeconds: 600), quality: .synchronised)
  }
}

/// One-time codes, as the folder of the real centre keeps them.
final class CodesInMemory: EnrolmentCodes {
  private let promises = Mutex<[String: EnrolmentPromise]>([:])

  func make(for terminal: String, chance: UInt8, validSeconds: Int64 = 3600) -> String {
    let code = EnrolmentCode(chance: Array(repeating: chance, count: 10))
    promises.withLock {
      $0[code.hash] = EnrolmentPromise(
        terminal: terminal, area: "320507",
        validUntil: FixedTime().now().at.advanced(bySeconds: validSeconds))
    }
    return code.grouped
  }

  func promise(of codeHash: String) async -> EnrolmentPromise? {
    promises.withLock { $0[codeHash] }
  }

  func forget(_ codeHash: String) async { promises.withLock { $0[codeHash] = nil } }
}
