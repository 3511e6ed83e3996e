// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CentralStore
import Foundation
import Glibc

/// A centre in a process of its own. Says its port; answers each line it hears with one of
/// JSON, and ends with its input.
struct CentrePart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "centre")

  struct Report: Codable {
    var counts: CentreCounts
    var moments: Moments.Times
    var used: Consumption?
  }

  @Argument var folder: String
  @Option var port = 0
  @Option(help: "Faults by this seed; without one it never fails.") var seed: UInt64?
  @Flag(help: "The centre's own door; no faults.") var real = false
  @Option(help: "How many envelopes are to come.") var items = 10_000

  func run() async throws {
    let folder = BenchFolder(path: folder)
    let setup = try DeliverySetup.read(folder)
    let store = try SQLiteCaseStore.open(path: folder.file("centre"), outcomeUnknown: { _exit(70) })
    let moments = Moments()
    let plan = FaultPlan(isOn: seed != nil, seed: seed ?? 0, items: items)
    let door = FaultyDoor(desk: try BenchCentre(setup, store: store), plan: plan, moments: moments)
    let (port, isReal) = (port, real)
    let listening: @Sendable (Int) -> Void = { port in
      moments.listens(Stopwatch.now)
      Speech.say("\(port)")
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await isReal
          ? RealCentre.serve(setup, store: store, port: port, listening: listening)
          : door.serve(setup, port: port, listening: listening)
      }
      while await Speech.heard() != nil {
        let report = Report(counts: try await store.counts(), moments: moments.all, used: Consumption.of())
        Speech.say(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
      }
      group.cancelAll()
    }
    // What is served ends with the process.
    _exit(0)
  }
}

extension Child {
  /// What a centre in its part says of itself.
  func report() async throws -> CentrePart.Report {
    say("report")
    return try JSONDecoder().decode(CentrePart.Report.self, from: Data(try await line().utf8))
  }
}

/// Lines from and to whoever started this part.
enum Speech {
  static func say(_ words: String) {
    let bytes = Array((words + "\n").utf8)
    _ = write(STDOUT_FILENO, bytes, bytes.count)
  }

  /// Nil when nobody speaks any more.
  static func heard() async -> String? {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: readLine()) }
    }
  }
}
