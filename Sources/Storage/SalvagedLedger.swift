// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// Puts what was found in a broken ledger into a new one, in the order of the rows.
struct SalvagedLedger {
  let file: DurableDatabase
  let source: RawFile
  let rows: SalvagedRows
  private static let atOnce = 500

  struct Row: Sendable {
    var row: Int64
    var envelope: Envelope
    var keptAt: QualifiedTime
  }

  /// How many envelopes are in the new ledger.
  func fill() async throws(StoreFault) -> Int {
    let found = rows.envelopes.values.sorted { $0.row < $1.row }
    var read = 0
    for start in stride(from: 0, to: found.count, by: Self.atOnce) {
      let part = found[start..<min(start + Self.atOnce, found.count)].compactMap { row($0) }
      let standings = part.compactMap { rows.standings[$0.row] == nil ? nil : $0.row }
        .reduce(into: [:]) { $0[$1] = rows.standings[$1] }
      read += try await file.write { database in
        try part.count { try Self.put($0, standings[$0.row], into: database) }
      }
    }
    try await putRest()
    return read
  }

  private func row(_ found: SalvagedRows.Found) -> Row? {
    guard let record = source.record(at: found.place), let envelope = Envelope(record) else { return nil }
    return Row(row: found.row, envelope: envelope, keptAt: QualifiedTime(keptBy: record))
  }

  /// False when the schema does not take it: a second filing of one number is none.
  private static func put(
    _ row: Row, _ standing: SalvagedRows.Standing?, into database: Database
  ) throws -> Bool {
    let envelope = row.envelope
    try database.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO envelope (row, id, number, kind, follows, kept_at, quality, header,
          routing, content, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        row.row, envelope.id.bytes.blob, envelope.number.description, envelope.kind.rawValue,
        envelope.after.flatMap(\.bytes).blob, row.keptAt.at.milliseconds, row.keptAt.quality.rawValue,
        envelope.header.blob, envelope.routing.blob, envelope.content.blob, envelope.signature.blob,
      ])
    guard database.changesCount == 1 else { return false }
    if envelope.kind.isFiling {
      try database.cachedStatement(sql: "INSERT INTO untold (row) VALUES (?)").execute(arguments: [row.row])
    }
    guard let standing, standing.state != .waiting else { return true }
    try database.cachedStatement(
      sql: "INSERT INTO settled (row, state, reason, correctable, settled_at) VALUES (?, ?, ?, ?, ?)"
    ).execute(
      arguments: [
        row.row, standing.state.rawValue, standing.reason, standing.correctable, standing.settledAt,
      ])
    return true
  }

  private func putRest() async throws(StoreFault) {
    let (slips, sequences) = (rows.slips.map { ($0.key, $0.value.outcome, $0.value.trouble) }, sums())
    let (audit, commands) = (rows.audit.sorted { $0.key < $1.key }, Array(rows.commands.values))
    try await file.write { database in
      for (slip, outcome, trouble) in slips {
        try database.execute(
          sql: """
            INSERT OR IGNORE INTO slip (row, job, outcome, trouble)
            SELECT row, ?, ?, ? FROM envelope WHERE row = ?
            """, arguments: [slip.job, outcome, trouble, slip.row])
      }
      for (key, sum) in sequences { try Self.put(key, sum, into: database) }
      for (row, entry) in audit {
        try database.execute(
          sql: "INSERT OR IGNORE INTO audit (row, at, entry, chain) VALUES (?, ?, ?, ?)",
          arguments: [row, entry.at, entry.text, entry.chain.blob])
      }
      for values in commands {
        try database.execute(
          sql: "INSERT OR IGNORE INTO command VALUES (?, ?, ?, ?, ?, ?, ?)",
          arguments: StatementArguments(values.map { $0.int?.databaseValue ?? $0.string.databaseValue }))
      }
    }
  }

  private static func put(
    _ key: SalvagedRows.Sequence, _ sum: SalvagedRows.Tally, into database: Database
  ) throws {
    let span = [key.allotment.text, key.day.digits]
    let present =
      try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM envelope WHERE \(LedgerSchema.isFiling)
            AND substr(number, 7, 12) = ? || ?
          """, arguments: StatementArguments(span)) ?? 0
    let pruned = min(sum.pruned, max(0, sum.last - present))
    let skipped = min(sum.skipped, sum.last - present - pruned)
    try database.execute(
      sql: """
        INSERT INTO sequence (allotment, day, last, filed, pruned, skipped) VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: StatementArguments(span) + [sum.last, present + pruned, pruned, skipped])
  }

  /// What the sequences said, and beyond that what the filings' numbers say.
  private func sums() -> [SalvagedRows.Sequence: SalvagedRows.Tally] {
    rows.envelopes.values.reduce(into: rows.sequences) { sums, found in
      guard let number = row(found)?.envelope.number else { return }
      let key = SalvagedRows.Sequence(allotment: number.allotment, day: number.day)
      sums[key, default: .init(last: number.sequence)].last =
        max(sums[key]?.last ?? 0, number.sequence)
    }
  }

  /// Filings that the sequences count and that were not found; nil when nothing counts them.
  func lostFilings() async throws(StoreFault) -> Int? {
    let counted = rows.sequences.values.compactMap { tally in tally.filed.map { $0 - tally.pruned } }
    guard !counted.isEmpty, counted.count == rows.sequences.count else { return nil }
    let present = try await file.read { try LedgerCounts($0).filed }
    return max(0, counted.reduce(0, +) - present)
  }
}
