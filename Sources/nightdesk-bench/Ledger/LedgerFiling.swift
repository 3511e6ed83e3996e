// SPDX-License-Identifier: Apache-2.0

import Records
import Storage

/// Filing, one at a time, beside appending the same bytes and beside plain C SQLite, the seal made
/// before each on all sides.
enum LedgerFiling {
  /// What one round of filings took, each act apart.
  struct Filings: Sendable {
    /// From the reservation to the answer after the sync, without sealing: what is promised.
    var kept: Laps
    /// With sealing and signing in the clock.
    var whole: Laps
    var cpuSeconds = 0.0
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("ledger: filing, one at a time")
    let folder = try workshop.folder.inner("filing")
    defer { folder.remove() }
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let ours = try await BenchLedger.open(in: folder, terminal: terminal)
    let rival = RivalFiling(path: folder.file("rival"), terminal: terminal)
    let floor = SealedFloor(folder: folder, terminal: terminal)
    let bare = AppendFloor(folder: folder)
    let count = workshop.count(3000, quick: 200)
    // Until both logs have their full size, as those of a running terminal have.
    let warming = workshop.count(1500, quick: 50)
    _ = try await rival.file(warming, after: 0)
    _ = try await file(warming, into: ours)
    let played = try await Rounds.play(
      workshop.rounds, { try await floor.laps(count, round: $0) },
      { try await rival.file(count, after: warming + $0 * count) },
      { _ in try await file(count, into: ours) }, { try await bare.laps(count, round: $0) })
    try ours.ledger.close()
    return rows(floor: played.first, rival: played.second, ours: played.third)
      + [bareFloor(played.fourth, ours: played.third)]
  }

  static func file(_ count: Int, into ours: BenchLedger) async throws -> Filings {
    var filings = Filings(kept: Laps(capacity: count), whole: Laps(capacity: count))
    let before = Consumption.of()
    for _ in 0..<count {
      let start = Stopwatch.now
      let reservation = try await ours.ledger.reserve()
      let reserved = Stopwatch.now
      let envelope = try ours.seal(reservation)
      let sealed = Stopwatch.now
      _ = try await ours.ledger.file(envelope, slip: ours.slip())
      let filed = Stopwatch.now
      filings.kept.add(filed - sealed + reserved - start)
      filings.whole.add(filed - start)
    }
    filings.cpuSeconds = (Consumption.of()?.cpuSeconds ?? 0) - (before?.cpuSeconds ?? 0)
    return filings
  }

  private static func rows(floor: [Laps], rival: [Filings], ours: [Filings]) -> [Row] {
    let kept = ours.map(\.kept.rate)
    let floors = floor.map(\.rate)
    let cpu = ours.map(\.cpuSeconds).median
    let milliseconds = { (laps: Laps, share: Double) in (laps.seconds.percentile(share) ?? 0) * 1000 }
    return [
      Row(
        name: "ledger.filing",
        what: "reserve + file, one at a time, the seal made between them; rival: the same rows in C SQLite",
        unit: "/s", ours: kept, floor: floors, rival: rival.map(\.kept.rate), goal: .timesRival(0.9),
        cpuSeconds: cpu, memoryMB: Consumption.of()?.memoryMB),
      Row(
        name: "ledger.filing-floor",
        what: "the same; floor: append + fdatasync of the same bytes, sealed between them", unit: "/s",
        ours: kept, floor: floors, rival: rival.map(\.kept.rate), goal: .timesFloor(0.7)),
      Row(
        name: "ledger.filing-sealed",
        what: "the same with sealing and signing in the clock, on both sides", unit: "/s",
        ours: ours.map(\.whole.rate), floor: floors, rival: rival.map(\.whole.rate), goal: .timesRival(0.9)),
      Row(
        name: "ledger.commit-p99", what: "99 of 100 filings are kept within this", unit: "ms",
        ours: ours.map { milliseconds($0.kept, 0.99) }, floor: floor.map { milliseconds($0, 0.99) },
        rival: rival.map { milliseconds($0.kept, 0.99) }),
      Row(
        name: "ledger.commit-worst", what: "the slowest filing of a round", unit: "ms",
        ours: ours.map { milliseconds($0.kept, 1) }, floor: floor.map { milliseconds($0, 1) },
        rival: rival.map { milliseconds($0.kept, 1) }),
    ]
  }

  /// Without a goal: nothing files without sealing.
  private static func bareFloor(_ floor: [Laps], ours: [Filings]) -> Row {
    Row(
      name: "ledger.filing-bare-floor",
      what: "the same; floor: append \(AppendFloor.bytes) B + fdatasync, back to back, no seal between them",
      unit: "/s", ours: ours.map(\.kept.rate), floor: floor.map(\.rate))
  }
}
