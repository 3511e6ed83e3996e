// SPDX-License-Identifier: Apache-2.0

import Records
import Storage

/// Thirty-two writers at once: those that arrive together share one sync.
enum LedgerWriters {
  static let writers = 32

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("ledger: \(writers) writers")
    let folder = try workshop.folder.inner("writers")
    defer { folder.remove() }
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let ours = try await BenchLedger.open(in: folder, terminal: terminal)
    let floor = AppendFloor(folder: folder)
    let each = workshop.count(300, quick: 20)
    let sample = try ours.seal(try await ours.ledger.reserve())
    _ = try await round(ours, sample, each: workshop.count(60, quick: 4))
    let played = try await Rounds.play(
      workshop.rounds, { try await floor.laps(workshop.count(2000, quick: 100), round: $0).rate },
      { _ in try await round(ours, sample, each: each) })
    let kept = try await ours.ledger.counts().filed
    try ours.ledger.close()
    let told = writers * (each * workshop.rounds + workshop.count(60, quick: 4))
    return [
      Row(
        name: "ledger.writers-32",
        what: "\(writers) writers at once, envelopes sealed beforehand; floor: one appender",
        unit: "/s", ours: played.second, floor: played.first, lost: max(0, told - kept),
        doubled: max(0, kept - told))
    ]
  }

  private static func round(
    _ ours: BenchLedger, _ sample: Envelope, each: Int
  ) async throws -> Double {
    let start = Stopwatch.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<writers {
        group.addTask { try await ours.file(copies: each, of: sample) }
      }
      try await group.waitForAll()
    }
    return Double(writers * each) / (Stopwatch.now - start)
  }
}
