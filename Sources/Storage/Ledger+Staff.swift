// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// What staff see of the ledger: counts and states, nothing personal; and what they may do.
extension Ledger {
  /// Filings are counted by day, settled rows by their tally, the rest by tables that hold
  /// nothing else: no count reads the rows it counts.
  public func counts() async throws(StoreFault) -> LedgerCounts {
    try await file.read { try LedgerCounts($0) }
  }

  /// The newest first.
  public func outboxRows(limit: Int) async throws(StoreFault) -> [OutboxRow] {
    try await file.read { database in
      try Readable.rows(
        database, keys: "SELECT row FROM outbox UNION ALL SELECT row FROM settled ORDER BY row DESC",
        limit: limit,
        each: """
          SELECT id, number, kind, kept_at, coalesce(state, 'waiting') AS state, reason
          FROM envelope LEFT JOIN settled USING (row) WHERE envelope.row = ?
          """, OutboxRow.init(row:))
    }
  }

  /// Throws `missing` when there is none.
  public func outboxRow(_ id: EnvelopeID) async throws(StoreFault) -> OutboxRow {
    try await file.read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT id, number, kind, kept_at, coalesce(state, 'waiting') AS state, reason
          FROM envelope LEFT JOIN settled USING (row) WHERE id = ?
          """, arguments: [id.bytes.blob])
      guard let row else { throw StoreFault.missing }
      return try OutboxRow(row: row)
    }
  }

  /// A refused row waits again; false when it waits or was sent.
  public func retry(_ id: EnvelopeID) async throws(StoreFault) -> Bool {
    let time = clock.now()
    let again = try await file.write { database in
      let key = try Row.fetchOne(
        database, sql: "SELECT row FROM envelope WHERE id = ?", arguments: [id.bytes.blob])
      guard let row = try key?.value("row") as Int64? else { throw StoreFault.missing }
      try database.execute(
        sql: "DELETE FROM settled WHERE row = ? AND state = 'refused'", arguments: [row])
      guard database.changesCount == 1 else { return false }
      try AuditChain.append(
        AuditEntry("outbox.retried", ["id": id.description]), at: time, to: database)
      return true
    }
    if again { newsboard.tell() }
    return again
  }

  /// Sealed envelopes that wait, in the order of their rows, to be carried by hand.
  ///
  /// - Parameter row: after this one; 0 for the first.
  public func export(
    after row: Int64, limit: Int
  ) async throws(StoreFault) -> [(row: Int64, envelope: Envelope)] {
    let found = try await file.read { database in
      var found: [(row: Int64, envelope: Envelope)] = []
      try WaitingRows.each(in: database, after: row) { row in
        if row > found.last?.row ?? 0, let envelope = try Envelope.readable(at: row, in: database) {
          found.append((row, envelope))
        }
        return found.count < limit
      }
      return found
    }
    if let last = found.last {
      try await note(
        AuditEntry("outbox.exported", ["count": "\(found.count)", "after": "\(row)", "last": "\(last.row)"]))
    }
    return found
  }
}

extension LedgerCounts {
  init(_ database: Database) throws {
    func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
    self.init(
      filed: try count("SELECT sum(filed - pruned) FROM sequence"),
      waiting: try count("SELECT count(*) FROM outbox"),
      sent: try count("SELECT sent FROM tally"),
      refused: try count("SELECT refused FROM tally"),
      untold: try count("SELECT count(*) FROM untold"))
  }
}
