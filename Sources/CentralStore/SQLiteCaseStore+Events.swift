// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Wire

extension SQLiteCaseStore {
  public func order(
    _ command: Command, for terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> Bool {
    let isOrdered = try await file.write { database in
      let known = try CommandRecord.find(command.id, in: database)
      if let known { return known.terminal == terminal && known.record.command == command }
      guard try database.exists("SELECT 1 FROM terminal WHERE name = ?", [terminal]) else { return false }
      try database.run("INSERT INTO event DEFAULT VALUES")
      try database.run(
        """
        INSERT INTO command (row, id, terminal, act, until, ordered_at) VALUES (?, ?, ?, ?, ?, ?)
        """,
        [
          database.lastInsertedRowID, command.id, terminal, command.act,
          command.until.milliseconds, time.milliseconds,
        ])
      return true
    }
    if isOrdered { newsboard.tell() }
    return isOrdered
  }

  public func announce(catalogue version: Int, at time: Timestamp) async throws(StoreFault) {
    try await file.write { database in
      if try database.exists("SELECT 1 FROM catalogue WHERE version >= ?", [version]) { return }
      try database.run("INSERT INTO event DEFAULT VALUES")
      try database.run(
        "INSERT INTO catalogue (row, version, announced_at) VALUES (?, ?, ?)",
        [database.lastInsertedRowID, version, time.milliseconds])
    }
    newsboard.tell()
  }

  public func events(
    for terminal: String, after row: Int64, at time: Timestamp, limit: Int
  ) async throws(StoreFault) -> [StoredEvent] {
    try await file.read { database in
      let commands = try database.cachedStatement(
        sql: """
          SELECT * FROM command
          WHERE terminal = ? AND row > ? AND word IS NULL AND until >= ? ORDER BY row LIMIT ?
          """)
      // A place from before the file was restored from a copy: what is open is said again.
      let last = try Int64.fetchOne(database.cachedStatement(sql: "SELECT max(row) FROM event")) ?? 0
      let row = row > last ? 0 : row
      let arguments: StatementArguments = [terminal, row, time.milliseconds, limit]
      var events = try Row.fetchAll(commands, arguments: arguments).map { found in
        StoredEvent(row: found["row"], event: .command(try CommandRecord(row: found).command))
      }
      let catalogue = try database.cachedStatement(
        sql: "SELECT row, version FROM catalogue ORDER BY row DESC LIMIT 1")
      if let newest = try Row.fetchOne(catalogue), newest["row"] > row {
        events.append(StoredEvent(row: newest["row"], event: .catalogue(version: newest["version"])))
      }
      return Array(events.sorted { $0.row < $1.row }.prefix(limit))
    }
  }

  public func finish(
    command id: String, of terminal: String, _ outcome: CommandOutcome, at time: Timestamp
  ) async throws(StoreFault) -> CommandOutcome? {
    try await file.write { database in
      try database.run(
        """
        UPDATE command SET word = ?, detail = ?, finished_at = ?
        WHERE id = ? AND terminal = ? AND word IS NULL
        """, [outcome.word.rawValue, outcome.detail, time.milliseconds, id, terminal])
      guard let known = try CommandRecord.find(id, in: database), known.terminal == terminal else {
        return nil
      }
      return known.record.outcome
    }
  }

  public func commands(of terminal: String) async throws(StoreFault) -> [CommandRecord] {
    try await file.read { database in
      let statement = try database.cachedStatement(
        sql: "SELECT * FROM command WHERE terminal = ? ORDER BY row")
      return try Row.fetchAll(statement, arguments: [terminal]).map { try CommandRecord(row: $0) }
    }
  }

  public func news() -> AsyncStream<Void> { newsboard.stream() }
}

extension CommandRecord {
  static func find(
    _ id: String, in database: Database
  ) throws -> (terminal: String, record: CommandRecord)? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM command WHERE id = ?")
    return try Row.fetchOne(statement, arguments: [id]).map { row in
      (row["terminal"], try CommandRecord(row: row))
    }
  }

  init(row: Row) throws {
    command = Command(
      id: row["id"], act: row["act"], until: Timestamp(milliseconds: row["until"]))
    orderedAt = Timestamp(milliseconds: row["ordered_at"])
    finishedAt = row.time("finished_at")
    guard let text = row["word"] as String? else { return }
    guard let word = CommandOutcome.Word(rawValue: text) else { throw StoreFault.broken }
    outcome = CommandOutcome(word, detail: row["detail"])
  }
}
