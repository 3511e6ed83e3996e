// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records

/// A centre with a million cases: how fast it finds one, alone and while others hand in, and
/// how soon it is there again after a kill.
enum CentreMillion {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(1_000_000, quick: 5_000)
    let folder = try workshop.folder.inner("million")
    defer { folder.remove() }
    let setup = try await DeliverySetup.make(in: folder)
    Progress.say("centre: \(count) cases are filled in")
    let store = try SQLiteCaseStore.open(path: folder.file("centre"), outcomeUnknown: {})
    let cases = try BenchCases(setup, store: store)
    let filling = try await fill(count, cases)
    Progress.say("centre: looking for one in \(count)")
    let lookups = workshop.count(2_000, quick: 200)
    let played = try await Rounds.play(
      workshop.rounds, { try await look(lookups, count, cases, seed: $0) },
      { try await lookWhileTaking(lookups, count, cases, seed: $0) })
    try await store.close()
    let starts = try await restarts(count, folder, workshop)
    let memory = Consumption.of()?.memoryMB
    return [
      Row(
        name: "centre.lookup-p99", what: "public progress of one of \(count) cases, at the store, idle",
        unit: "ms", ours: played.first, goal: .atMost(5), memoryMB: memory),
      Row(
        name: "centre.lookup-p99-busy", what: "the same while \(Crowd.size) at once hand in", unit: "ms",
        ours: played.second, goal: .atMost(5)),
      Row(
        name: "centre.restart",
        what:
          "start of a process to its first look-up in \(count) cases, after a kill in the midst of taking",
        unit: "s", ours: starts),
      Row(name: "centre.filling", what: "cases stored, 500 a transaction", unit: "/s", ours: [filling]),
    ]
  }

  private static func fill(_ count: Int, _ cases: BenchCases) async throws -> Double {
    guard let sample = try cases.arrivals(1).first else { throw BenchFault("nothing to fill in") }
    let start = Stopwatch.now
    for _ in 0..<(count / 500) {
      guard try await cases.keep(try cases.copies(500, of: sample)) == 500 else {
        throw BenchFault("not stored")
      }
    }
    return Double(count) / (Stopwatch.now - start)
  }

  /// p99 in milliseconds.
  private static func look(
    _ lookups: Int, _ count: Int, _ cases: BenchCases, seed: Int
  ) async throws -> Double {
    var chance = SeededChance(seed: UInt64(seed))
    var laps = Laps(capacity: lookups)
    for _ in 0..<lookups {
      // The first number went to the sample.
      let number = try cases.maker.number(Int(chance.next() % UInt64(count)) + 1)
      let start = Stopwatch.now
      guard try await cases.centre.store.publicApplication(number) != nil else {
        throw BenchFault("\(number) is not found")
      }
      laps.add(Stopwatch.now - start)
    }
    return (laps.seconds.percentile(0.99) ?? 0) * 1000
  }

  private static func lookWhileTaking(
    _ lookups: Int, _ count: Int, _ cases: BenchCases, seed: Int
  ) async throws -> Double {
    guard let sample = try cases.arrivals(1).first else { throw BenchFault("nothing to take") }
    return try await withThrowingTaskGroup(of: Double?.self) { group in
      for _ in 0..<Crowd.size {
        group.addTask {
          while !Task.isCancelled { _ = try await cases.keep(try cases.copies(1, of: sample)) }
          return nil
        }
      }
      group.addTask { try await look(lookups, count, cases, seed: seed) }
      var p99 = 0.0
      while let found = try await group.next() {
        guard let found else { continue }
        p99 = found
        group.cancelAll()
      }
      return p99
    }
  }

  /// Seconds from a process's start to its first answer. Each is killed while it takes.
  private static func restarts(
    _ count: Int, _ folder: BenchFolder, _ workshop: Workshop
  ) async throws -> [Double] {
    var seconds: [Double] = []
    for round in 0...workshop.rounds {
      Progress.say("centre: restart, round \(round)")
      let start = Stopwatch.now
      let store = try Child.start(workshop.program, ["part", "store", folder.path, "\(count * (2 + round))"])
      _ = try await store.line()
      // The first start came after a clean end.
      if round > 0 { seconds.append(Stopwatch.now - start) }
      try await Task.sleep(for: .seconds(1))
      store.end()
      try await store.gone()
    }
    return seconds
  }
}
