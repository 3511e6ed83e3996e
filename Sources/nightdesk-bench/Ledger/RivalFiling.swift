// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// Files into plain C SQLite as a careful program without our layers would.
struct RivalFiling: Sendable {
  let path: String
  let terminal: SampleTerminal

  /// - Parameter start: numbers begin behind it; no two rounds may share one.
  func file(_ count: Int, after start: Int) async throws -> LedgerFiling.Filings {
    try await OwnThread.run { try fileHere(count, after: start) }
  }

  private func fileHere(_ count: Int, after first: Int) throws -> LedgerFiling.Filings {
    let ledger = try PlainLedger(path: path)
    var filings = LedgerFiling.Filings(kept: Laps(capacity: count), whole: Laps(capacity: count))
    for sequence in 1...count {
      let start = Stopwatch.now
      let reservation = try terminal.reserve(first + sequence)
      let reserved = Stopwatch.now
      let envelope = try terminal.sealer.seal(SampleFiling.submission(reservation, chance: SystemChance()))
      let sealed = Stopwatch.now
      let slip = SlipJob(chance: SystemChance().bytes(16))
      try ledger.file(envelope, slip: slip, at: reservation.time.at)
      let filed = Stopwatch.now
      filings.kept.add(filed - sealed + reserved - start)
      filings.whole.add(filed - start)
    }
    return filings
  }
}
