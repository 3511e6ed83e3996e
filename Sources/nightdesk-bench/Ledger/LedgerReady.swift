// SPDX-License-Identifier: Apache-2.0

import Glibc
import Records
import Storage

/// How soon a ledger with 10,000 waiting applications can be worked with: opened, and the
/// first hundred in hand.
enum LedgerReady {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(10_000, quick: 500)
    Progress.say("ledger: ready with \(count) waiting")
    let clean = try workshop.folder.inner("clean")
    let unclean = try workshop.folder.inner("unclean")
    defer {
      clean.remove()
      unclean.remove()
    }
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let ours = try await BenchLedger.open(in: clean, terminal: terminal)
    try await ours.fill(count)
    try ours.ledger.close()
    let child = try Child.start(workshop.program, ["part", "filer", unclean.path, "\(count)"])
    let leftOver = try await child.line()
    // It ended itself, in the midst of its work.
    try await child.gone()
    let played = try await Rounds.play(
      workshop.rounds, { _ in try await opened(clean, terminal) },
      { round in
        let copy = try unclean.copy(to: "unclean-\(round)", of: workshop.folder)
        defer { copy.remove() }
        return try await opened(copy, terminal)
      })
    return [
      Row(
        name: "ledger.ready", what: "open, first 100 of \(count) waiting", unit: "ms", ours: played.first,
        goal: .atMost(20)),
      Row(
        name: "ledger.ready-unclean", what: "the same after a kill with a full log (\(leftOver))",
        unit: "ms", ours: played.second, goal: .atMost(150)),
    ]
  }

  private static func opened(_ folder: BenchFolder, _ terminal: SampleTerminal) async throws -> Double {
    let start = Stopwatch.now
    let ours = try await BenchLedger.open(in: folder, terminal: terminal)
    let waiting = try await ours.ledger.waiting(limit: 100, excluding: [])
    let lap = Stopwatch.now - start
    try ours.ledger.close()
    guard waiting.count == 100 else { throw BenchFault("\(waiting.count) of 100 wait") }
    return lap * 1000
  }
}
