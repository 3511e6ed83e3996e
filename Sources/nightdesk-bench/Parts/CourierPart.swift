// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import AsyncHTTPClient
import Delivery
import Foundation
import Glibc
import NIOCore
import Records
import Storage
import Synchronization

/// Our courier in a process of its own: opens a ledger, waits for a line, carries until
/// nothing waits, and says how long it took.
struct CourierPart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "courier")

  @Argument var folder: String
  @Argument var port: Int
  @Argument(help: "How many wait.") var items: Int

  func run() async throws {
    let folder = BenchFolder(path: folder)
    let setup = try DeliverySetup.read(folder)
    let ours = try await BenchLedger.open(in: folder, terminal: try setup.terminal())
    let client = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: HTTPCentralLink.configuration)
    let credentials = try TerminalCredentials(
      certificate: setup.terminalCertificate, privateKey: setup.terminalKey, authority: setup.authority)
    let link = HTTPCentralLink(
      client: client, centre: "https://127.0.0.1:\(port)", credentials: credentials, patience: .seconds(15))
    let words = Settled()
    let courier = Courier(
      outbox: ours.ledger, link: link, terminal: SampleTerminal.name, chance: SystemChance(),
      clock: ContinuousClock(), audit: ours.ledger, report: { words.heard($0) })
    Speech.say("ready")
    _ = await Speech.heard()
    let carrying = Task { await courier.run() }
    try await report(ours, words)
    carrying.cancel()
    _exit(0)
  }

  private func report(_ ours: BenchLedger, _ words: Settled) async throws {
    let start = Stopwatch.now
    let before = Consumption.of()
    var early: Consumption?
    while try await !isEmpty(ours, words) {
      if early == nil, words.count >= items / 5 { early = Consumption.of() }
      try await Task.sleep(for: .milliseconds(5))
    }
    let seconds = Stopwatch.now - start
    let after = Consumption.of()
    let counts = try await ours.ledger.counts()
    let carried = Carried(
      seconds: seconds, cpuSeconds: (after?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0),
      memoryMB: after?.memoryMB ?? 0, earlyMemoryMB: early?.memoryMB, sent: counts.sent,
      refused: counts.refused)
    Speech.say(String(decoding: try JSONEncoder().encode(carried), as: UTF8.self))
  }

  /// The ledger is only asked when enough verdicts were heard: to ask costs.
  private func isEmpty(_ ours: BenchLedger, _ words: Settled) async throws -> Bool {
    guard words.count >= items else { return false }
    return try await ours.ledger.waiting(limit: 1, excluding: []).isEmpty
  }
}

/// What a courier says at the end, ours or the rival.
struct Carried: Sendable, Codable {
  var seconds: Double
  var cpuSeconds: Double
  var memoryMB: Double
  /// When a fifth was carried.
  var earlyMemoryMB: Double?
  var sent: Int
  var refused: Int
}

/// The ids on which a verdict was heard.
private final class Settled: Sendable {
  private let ids = Mutex<Set<EnvelopeID>>([])

  func heard(_ answer: CentralAnswer) {
    if case .verdicts(let verdicts, _) = answer { ids.withLock { $0.formUnion(verdicts.keys) } }
  }

  var count: Int { ids.withLock { $0.count } }
}
