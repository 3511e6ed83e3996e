// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

extension Ledger: Outbox {
  public func waiting(limit: Int) async throws(StoreFault) -> [Envelope] {
    try await file.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT envelope.* FROM outbox JOIN envelope USING (row)
          WHERE state = 'waiting' ORDER BY outbox.row LIMIT ?
          """, arguments: [limit]
      ).map(Envelope.init(row:))
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

  public func news() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.yield()
    let key = listeners.withLock { listeners in
      let key = (listeners.keys.max() ?? 0) + 1
      listeners[key] = continuation
      return key
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0.removeValue(forKey: key) }
    }
    return stream
  }

  func tellListeners() {
    listeners.withLock { $0.values.forEach { $0.yield() } }
  }
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

  public func outboxRows(limit: Int) async throws(StoreFault) -> [OutboxRow] {
    try await file.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, number, kind, kept_at, state, reason FROM outbox JOIN envelope USING (row)
          ORDER BY outbox.row DESC LIMIT ?
          """, arguments: [limit]
      ).map { row in
        let envelope = try EnvelopeKey(row: row)
        guard let state = OutboxRow.State(rawValue: row["state"]) else { throw StoreFault.broken }
        return OutboxRow(
          id: envelope.id, number: envelope.number, kind: envelope.kind, state: state,
          reason: row["reason"], filedAt: Timestamp(milliseconds: row["kept_at"]))
      }
    }
  }

  /// Troubles that SQLite itself finds in the file; empty when there are none.
  public func damage() async throws(StoreFault) -> [String] {
    try await file.read { database in
      let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
      let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
      return found.filter { $0 != "ok" } + (orphans == 0 ? [] : ["\(orphans) rows without a parent"])
    }
  }
}
