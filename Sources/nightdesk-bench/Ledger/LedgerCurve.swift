// SPDX-License-Identifier: Apache-2.0

import Records
import Storage

/// Whether a filing costs the same in an empty ledger and in one of a million rows.
enum LedgerCurve {
  struct Point: Sendable {
    var rows: Int
    var floor: [Double]
    var ours: [Double]
    var share: Double { zip(ours, floor).map { $0 / $1 }.median ?? 0 }
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let sizes = workshop.isQuick ? [0, 2_000] : [0, 10_000, 100_000, 1_000_000]
    let folder = try workshop.folder.inner("curve")
    defer { folder.remove() }
    let terminal = try SampleTerminal(allotment: try SampleTerminal.sampleAllotment())
    let ours = try await BenchLedger.open(in: folder, terminal: terminal)
    var points: [Point] = []
    var rows = 0
    for size in sizes {
      Progress.say("ledger: filing into \(size) rows")
      try await ours.fill(max(0, size - rows))
      let each = workshop.count(500, quick: 50)
      // A ledger just made, or just filled, first finds back to its pace.
      _ = try await LedgerFiling.file(each, into: ours)
      points.append(
        try await point(size, each, ours, SealedFloor(folder: folder, terminal: terminal), workshop))
      rows = max(rows, size) + each * (workshop.rounds + 1)
    }
    try ours.ledger.close()
    return self.rows(points)
  }

  private static func point(
    _ size: Int, _ each: Int, _ ours: BenchLedger, _ floor: SealedFloor, _ workshop: Workshop
  ) async throws -> Point {
    let played = try await Rounds.play(
      workshop.rounds, { try await floor.laps(each, round: $0).rate },
      { _ in try await LedgerFiling.file(each, into: ours).kept.rate })
    return Point(rows: size, floor: played.first, ours: played.second)
  }

  /// The curve, and how much more a filing costs at its dearest point than at the first,
  /// each by the floor of its own minute.
  private static func rows(_ points: [Point]) -> [Row] {
    let curve = points.map { point in
      Row(
        name: "ledger.curve-\(point.rows)", what: "filing into a ledger of \(point.rows) rows", unit: "/s",
        ours: point.ours, floor: point.floor)
    }
    guard let first = points.first?.share, let least = points.map(\.share).min(), least > 0 else {
      return curve
    }
    return curve + [
      Row(
        name: "ledger.curve",
        what: "cost of a filing at the dearest size, by that at 0 rows, each by its floor", unit: "x",
        ours: [first / least], goal: .atMost(1.15))
    ]
  }
}
