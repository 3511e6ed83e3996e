// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension SQLiteCaseStore {
  /// One block of numbers for the ledger that is there and two for later ones.
  private static let allotmentsEach = 3

  public func enrol(_ enrolment: Enrolment) async throws(StoreFault) -> Enrolled? {
    try await file.write { database in
      let known = try Row.fetchOne(
        database, sql: "SELECT * FROM enrolment WHERE code_hash = ?",
        arguments: [enrolment.codeHash])
      if let known {
        guard known.bytes("public_key") == enrolment.publicKey else { return nil }
        return try Enrolled(row: known, in: database)
      }
      return try Self.insert(enrolment, into: database)
    }
  }

  private static func insert(
    _ enrolment: Enrolment, into database: Database
  ) throws -> Enrolled? {
    try database.execute(
      sql: """
        INSERT INTO enrolment (terminal, area, public_key, code_hash, enrolled_at)
        VALUES (?, ?, ?, ?, ?)
        """,
      arguments: [
        enrolment.terminal, enrolment.area, enrolment.publicKey.blob, enrolment.codeHash,
        enrolment.time.milliseconds,
      ])
    let row = database.lastInsertedRowID
    try beginAudit(of: enrolment.terminal, in: database)
    // Whoever bore the name before is another machine now, or this one with new keys.
    try database.run(
      "UPDATE certificate SET revoked_at = ? WHERE terminal = ? AND revoked_at IS NULL",
      [enrolment.time.milliseconds, enrolment.terminal])
    let last = try Int.fetchOne(database, sql: "SELECT max(ordinal) FROM allotment") ?? 0
    for ordinal in last + 1...last + allotmentsEach {
      guard let allotment = Allotment(ordinal: ordinal) else { throw StoreFault.noNumbers }
      try database.execute(
        sql: "INSERT INTO allotment (ordinal, text, enrolment) VALUES (?, ?, ?)",
        arguments: [ordinal, allotment.text, row])
    }
    return try Row.fetchOne(database, sql: "SELECT * FROM enrolment WHERE row = ?", arguments: [row])
      .map { try Enrolled(row: $0, in: database) }
  }

  /// A terminal that enrols begins a new ledger, and with it a new chain.
  private static func beginAudit(of terminal: String, in database: Database) throws {
    try database.run(
      """
      INSERT INTO terminal (name) VALUES (?)
      ON CONFLICT DO UPDATE SET audit_entries = NULL, audit_chain = NULL, cut_entries = NULL,
        cut_chain = NULL, cut_at = NULL, doubted_at = NULL
      """, [terminal])
  }

  public func enrolment(byCodeHash codeHash: String) async throws(StoreFault) -> Enrolled? {
    try await file.read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM enrolment WHERE code_hash = ?", arguments: [codeHash]
      ).map { try Enrolled(row: $0, in: database) }
    }
  }

  public func enrolments(of terminal: String) async throws(StoreFault) -> [Enrolled] {
    try await file.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM enrolment WHERE terminal = ? ORDER BY row",
        arguments: [terminal]
      ).map { try Enrolled(row: $0, in: database) }
    }
  }
}

extension Enrolled {
  init(row: Row, in database: Database) throws {
    let key: Int64 = row["row"]
    let texts = try String.fetchAll(
      database, sql: "SELECT text FROM allotment WHERE enrolment = ? ORDER BY ordinal",
      arguments: [key])
    self.init(
      terminal: row["terminal"], area: row["area"], publicKey: row.bytes("public_key"),
      allotments: texts.compactMap { Allotment($0) },
      time: Timestamp(milliseconds: row["enrolled_at"]))
  }
}
