// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension SQLiteCaseStore {
  public func tasks(
    after cursor: Int64, limit: Int, open: Bool?
  ) async throws(StoreFault) -> [RefusalTask] {
    try await file.read { database in
      let which =
        switch open {
        case true: "AND settled_at IS NULL"
        case false: "AND settled_at IS NOT NULL"
        case nil: ""
        }
      let statement = try database.cachedStatement(
        sql: """
          SELECT \(RefusalTask.columns) FROM envelope
          WHERE state = 'refused' \(which) AND row > ? ORDER BY row LIMIT ?
          """)
      return try Row.fetchAll(statement, arguments: [cursor, limit]).map { try RefusalTask(row: $0) }
    }
  }

  public func settleTask(
    _ row: Int64, note: String, at time: Timestamp
  ) async throws(StoreFault) -> RefusalTask? {
    try await file.write { database in
      try database.run(
        """
        UPDATE envelope SET settled_at = ?, note = ?
        WHERE row = ? AND state = 'refused' AND settled_at IS NULL
        """, [time.milliseconds, note, row])
      let statement = try database.cachedStatement(
        sql: "SELECT \(RefusalTask.columns) FROM envelope WHERE row = ? AND state = 'refused'")
      return try Row.fetchOne(statement, arguments: [row]).map { try RefusalTask(row: $0) }
    }
  }
}

extension RefusalTask {
  static let columns = """
    row, id, number, kind, terminal, reason, owner, due_at, received_at, settled_at, note
    """

  init(row: Row) throws {
    guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String),
      let kind = EnvelopeKind(rawValue: row["kind"]), let reason = RefusalReason(rawValue: row["reason"])
    else { throw StoreFault.broken }
    self.init(
      row: row["row"], id: id, number: number, kind: kind, terminal: row["terminal"],
      reason: reason, owner: row["owner"], due: Timestamp(milliseconds: row["due_at"]),
      receivedAt: Timestamp(milliseconds: row["received_at"]), settledAt: row.time("settled_at"),
      note: row["note"])
  }
}
