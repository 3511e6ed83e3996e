// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension Ledger: Outbox {
  public func waiting(limit: Int) async throws(StoreFault) -> [Envelope] {
    try await file.read { database in
      try Readable.rows(
        database,
        sql: """
          SELECT envelope.* FROM outbox JOIN envelope USING (row)
          WHERE state = 'waiting' ORDER BY outbox.row
          """, limit: limit, Envelope.init(row:))
    }
  }

  public func settle(_ id: EnvelopeID, _ verdict: Verdict) async throws(StoreFault) {
    let (state, reason): (String, String?) =
      switch verdict {
      case .stored, .already: ("sent", nil)
      case .refused(let reason, _): ("refused", reason)
      }
    let now = clock.now().at.milliseconds
    try await file.write { database in
      try database.execute(
        sql: """
          UPDATE outbox SET state = ?, reason = ?, settled_at = ?
          WHERE row = (SELECT row FROM envelope WHERE id = ?) AND state = 'waiting'
          """, arguments: [state, reason, now, id.bytes.blob])
    }
  }

  public func news() -> AsyncStream<Void> { newsboard.stream() }
}

/// What staff see of the ledger: counts and states, nothing personal.
extension Ledger {
  public func counts() async throws(StoreFault) -> LedgerCounts {
    try await file.read { database in
      func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
      return LedgerCounts(
        filed: try count("SELECT count(*) FROM envelope WHERE kind = 'application'"),
        waiting: try count("SELECT count(*) FROM outbox WHERE state = 'waiting'"),
        sent: try count("SELECT count(*) FROM outbox WHERE state = 'sent'"),
        refused: try count("SELECT count(*) FROM outbox WHERE state = 'refused'"),
        untold: try count(
          """
          SELECT count(*) FROM envelope AS filing WHERE kind = 'application' AND NOT EXISTS
            (SELECT 1 FROM envelope WHERE kind = 'told' AND number = filing.number)
          """))
    }
  }

  /// The newest first.
  public func outboxRows(limit: Int) async throws(StoreFault) -> [OutboxRow] {
    try await file.read { database in
      try Readable.rows(
        database,
        sql: """
          SELECT id, number, kind, kept_at, state, reason FROM outbox JOIN envelope USING (row)
          ORDER BY outbox.row DESC
          """, limit: limit, OutboxRow.init(row:))
    }
  }

  /// What is wrong with the file: what SQLite finds, and rows that cannot be read, which
  /// stay where they are and are not carried. Empty when nothing is. Reads the whole file.
  public func damage() async throws(StoreFault) -> [String] {
    try await file.read { database in
      let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
      let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
      return found.filter { $0 != "ok" } + (orphans == 0 ? [] : ["\(orphans) rows without a parent"])
        + (try Self.unreadable(database))
    }
  }

  private static let linesAtMost = 20

  private static func unreadable(_ database: Database) throws -> [String] {
    let cursor = try Row.fetchCursor(database, sql: "SELECT * FROM envelope ORDER BY row")
    var rows: [Int64] = []
    while let row = try cursor.next() {
      do {
        _ = try Envelope(row: row)
      } catch is StoreFault {
        rows.append(Int64.fromDatabaseValue(row["row"]) ?? 0)
      }
    }
    let lines = rows.prefix(linesAtMost).map { "envelope row \($0) cannot be read and is not carried" }
    let more = rows.count - lines.count
    return lines + (more == 0 ? [] : ["and \(more) rows more"])
  }
}
