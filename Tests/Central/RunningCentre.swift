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
  let tls: Swappable<NIOSSLContext>
  private let sample: SampleCentre
  static let clerkToken = "5ec2e7"

  var centre: Centre { sample.centre }

  private init(
    _ ports: [Int], codes: CodesInMemory, sample: SampleCentre, tls: Swappable<NIOSSLContext>
  ) {
    address = "http://127.0.0.1:\(ports[0])"
    terminalsAddress = "https://127.0.0.1:\(ports[1])"
    enrolmentAddress = "https://127.0.0.1:\(ports[2])"
    self.codes = codes
    self.sample = sample
    self.tls = tls
  }

  /// What is other than in most tests.
  typealias Change = @Sendable (inout Centre) -> Void

  /// Serves while `body` runs.
  static func serving(
    _ prepare: Change = { _ in },
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    var template = Array("/tmp/centre-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let store = try SQLiteCaseStore.open(path: folder + "/centre.sqlite") {}
    let result: Result<Void, any Error>
    do {
      let codes = CodesInMemory()
      var sample = try SampleCentre.make(store, codes)
      sample.centre.certificateDays = 36_500
      prepare(&sample.centre)
      result = .success(try await serving(sample, codes, body))
    } catch {
      result = .failure(error)
    }
    try await store.close()
    for ending in ["", "-wal", "-shm", ".lock"] { unlink(folder + "/centre.sqlite" + ending) }
    rmdir(folder)
    try result.get()
  }

  /// Serves the same store with another front key.
  func withAnotherKey(
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
    var changed = sample
    changed.centre.keys.routing = .generated()
    try await Self.serving(changed, codes, body)
  }

  private static func serving(
    _ made: SampleCentre, _ codes: CodesInMemory,
    _ body: @escaping @Sendable (RunningCentre) async throws -> Void
  ) async throws {
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
        RunningCentre(ports, codes: codes, sample: made, tls: tls))
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
