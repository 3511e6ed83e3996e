// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CentralStore
import Certificates
import Glibc
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Records
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import Central

/// A centre with its three doors on free ports, its store in a folder of its own.
final class RunningCentre: Sendable {
  /// Residents and clerks.
  let address: String
  let terminalsAddress: String
  let enrolmentAddress: String
  let codes: CodesInMemory
  let centre: Centre
  let tls: Swappable<NIOSSLContext>
  private let store: SQLiteCaseStore
  static let clerkToken = "5ec2e7"

  private init(
    _ ports: [Int], codes: CodesInMemory, centre: Centre, tls: Swappable<NIOSSLContext>,
    store: SQLiteCaseStore
  ) {
    address = "http://127.0.0.1:\(ports[0])"
    terminalsAddress = "https://127.0.0.1:\(ports[1])"
    enrolmentAddress = "https://127.0.0.1:\(ports[2])"
    self.codes = codes
    self.centre = centre
    self.tls = tls
    self.store = store
  }

  /// Serves while `body` runs.
  static func serving(
    _ prepare: @escaping @Sendable (inout Centre) -> Void = { _ in },
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    var template = Array("/tmp/centre-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let store = try SQLiteCaseStore.open(path: folder + "/centre.sqlite") {}
    let result: Result<Void, any Error>
    do {
      result = .success(try await serving(store, CodesInMemory(), prepare, body))
    } catch {
      result = .failure(error)
    }
    try await store.close()
    for ending in ["", "-wal", "-shm", ".lock"] { unlink(folder + "/centre.sqlite" + ending) }
    rmdir(folder)
    try result.get()
  }

  /// Serves the same store with keys of the centre that are new.
  func withAnotherKey(
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    let authority = centre.authority
    try await Self.serving(store, codes, { $0.authority = authority }, body)
  }

  private static func serving(
    _ store: SQLiteCaseStore, _ codes: CodesInMemory,
    _ prepare: @escaping @Sendable (inout Centre) -> Void,
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    var made = try SampleCentre.make(store, codes)
    made.centre.certificateDays = 36_500
    prepare(&made.centre)
    let centre = made.centre
    let context = try made.context(centre.authority.current)
    let tls = Swappable(context)
    let plain = Swappable(
      try DoorTLS.context(
        certificate: made.certificate, privateKey: made.key.pem, authority: nil))
    let doors: [(@escaping @Sendable (Int) -> Void) -> any Service] = [
      { centre.publicDoor(at: .init(port: 0), listening: $0) },
      { listening in
        centre.terminalsDoor(at: .init(port: 0), tls: tls) { port in
          centre.terminalsAddress.replace(with: "https://127.0.0.1:\(port)")
          listening(port)
        }
      },
      { centre.enrolmentDoor(at: .init(port: 0), tls: plain, listening: $0) },
    ]
    try await withThrowingTaskGroup(of: Void.self) { group in
      var ports: [Int] = []
      for door in doors {
        let (stream, found) = AsyncStream<Int>.makeStream()
        let server = door { found.yield($0) }
        group.addTask { try await server.run() }
        ports.append(try #require(await stream.first { _ in true }))
      }
      let pump = EventPump(centre: centre, clock: ContinuousClock())
      group.addTask { try await pump.run() }
      try await body(
        RunningCentre(ports, codes: codes, centre: centre, tls: tls, store: store))
      centre.streams.endAll()
      group.cancelAll()
    }
  }

  /// A terminal with a one-time code of its own.
  func enrolled(_ terminal: String = "T0012", chance: UInt8 = 7) async throws -> SampleTerminal {
    var sample = SampleTerminal()
    let answer = try await enrol(sample, code: codes.make(for: terminal, chance: chance))
    let reply = try EnrolmentReply.decode(answer.bytes)
    sample.identity = reply.identity
    sample.certificate = reply.certificate
    return sample
  }

  func enrol(_ terminal: SampleTerminal, code: String) async throws -> Answer {
    try await post(
      "/v1/enrolments",
      EnrolmentRequest(
        code: code, publicKey: terminal.signer.publicKey,
        certificateRequest: terminal.tlsKey.request(named: "anybody")), at: .enrolment)
  }

  func deliver(
    _ terminal: SampleTerminal, _ messages: EnvelopeMessage..., audit: AuditHead? = nil
  ) async throws -> [Verdict?] {
    let answer = try await post(
      "/v1/batches",
      BatchRequest(
        batch: "b7", terminal: terminal.identity?.terminal ?? "T0012", envelopes: messages,
        audit: audit), at: .terminals(terminal))
    #expect(answer.header("content-type") == BatchReply.mediaType)
    let reply = try BatchReply.decode(answer.bytes)
    #expect(reply.batch == "b7")
    return reply.verdicts.map(\.meaning)
  }
}
