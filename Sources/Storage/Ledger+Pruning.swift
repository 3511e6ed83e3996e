// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// When what the centre has may leave the terminal.
public struct PruneRule: Hashable, Sendable {
  /// Older filings go, by a time that is known.
  public var keepDays: Int
  /// Beyond so many filings the oldest go, whatever their time.
  public var keepFilings: Int
  /// Filings in one transaction: a filing waits behind it.
  public var atOnce: Int

  public init(keepDays: Int = 30, keepFilings: Int = 20_000, atOnce: Int = 200) {
    self.keepDays = keepDays
    self.keepFilings = keepFilings
    self.atOnce = atOnce
  }
}

extension Ledger {
  /// Takes filings out with all that follows them, when every row of them is at the centre.
  /// What waits or was refused stays, however old.
  ///
  /// - Returns: the filings taken out; there may be more while it is not 0.
  public func prune(_ rule: PruneRule, at time: QualifiedTime) async throws(StoreFault) -> Int {
    let pruning = Pruning(rule: rule, now: time)
    let due = try await file.read { try pruning.due(in: $0) }
    let hasOldCommands = try await file.read { try pruning.hasOldCommands($0) }
    guard !due.isEmpty || hasOldCommands else { return 0 }
    let entryTime = clock.now()
    return try await file.write { database in
      try pruning.takeOutCommands(database)
      // Looked at again: since the first look a rating may have come.
      let gone = try due.filter { try pruning.takeOut($0, of: database) }
      if !gone.isEmpty {
        try AuditChain.append(
          AuditEntry("ledger.pruned", ["filings": "\(gone.count)"]), at: entryTime, to: database)
      }
      return gone.count
    }
  }
}

struct Pruning: Sendable {
  struct Due: Sendable {
    let row: Int64
    let number: CaseNumber
  }

  let rule: PruneRule
  let now: QualifiedTime
  /// Filings in a row that are not due before the look ends: a few may bear the time of a
  /// clock that was wrong.
  private static let patience = 1000

  /// Milliseconds; what was kept before is old. Nil when today is not known.
  private var oldest: Int64? {
    guard now.quality != .unknown else { return nil }
    return now.at.advanced(bySeconds: -Int64(rule.keepDays) * 86_400).milliseconds
  }

  /// The oldest filings that may go.
  func due(in database: Database) throws -> [Due] {
    let kept = try Int.fetchOne(database, sql: "SELECT sum(filed - pruned) FROM sequence") ?? 0
    var walk = DamagedTable("envelope").walk()
    var (due, beyond, patience): ([Due], Int, Int) = ([], kept - rule.keepFilings, Self.patience)
    while due.count < rule.atOnce, patience > 0, let row = try walk.next(in: database) {
      guard let filing = try filing(at: row, database) else { continue }
      beyond -= 1
      guard beyond >= 0 || filing.isOld else {
        patience -= 1
        continue
      }
      if try rows(of: filing.due, in: database) != nil { due.append(filing.due) }
    }
    return due
  }

  /// Nil for what is no filing, and for a row that cannot be read, which stays.
  private func filing(at row: Int64, _ database: Database) throws -> (due: Due, isOld: Bool)? {
    try database.passingDamage { database in
      let found = try Row.fetchOne(
        database.cachedStatement(
          sql: """
            SELECT number, kept_at, quality FROM envelope
            WHERE row = ? AND \(LedgerSchema.isFiling)
            """), arguments: [row])
      guard let found, let number = CaseNumber(try found.value("number") as String) else { return nil }
      return (Due(row: row, number: number), try isOld(found))
    }
  }

  private func isOld(_ row: Row) throws -> Bool {
    guard let oldest, try row.value("quality") as String != TimeQuality.unknown.rawValue else {
      return false
    }
    let keptAt: Int64 = try row.value("kept_at")
    return keptAt < oldest
  }

  /// The filing's own row and those that bear its number; nil when one of them must stay.
  private func rows(of filing: Due, in database: Database) throws -> [Int64]? {
    let rows = try Int64.fetchAll(
      database.cachedStatement(
        sql: """
          SELECT row FROM envelope WHERE number = ?1
            AND \(LedgerSchema.isFiling)
          UNION ALL SELECT row FROM envelope WHERE number = ?1 AND kind = 'told'
          UNION ALL SELECT row FROM envelope WHERE number = ?1 AND kind = 'rating'
          """), arguments: [filing.number.description])
    let isUntold = try holds("SELECT 1 FROM untold WHERE row = ?", filing.row, database)
    // Rows number themselves after the newest, which therefore stays.
    let newest = try Int64.fetchOne(database, sql: "SELECT max(row) FROM envelope") ?? 0
    guard !isUntold, rows.contains(filing.row), !rows.contains(newest) else { return nil }
    for row in rows
    where !(try holds("SELECT 1 FROM settled WHERE row = ? AND state = 'sent'", row, database)) {
      return nil
    }
    return rows
  }

  private func holds(_ sql: String, _ row: Int64, _ database: Database) throws -> Bool {
    try Row.fetchOne(database.cachedStatement(sql: sql), arguments: [row]) != nil
  }

  /// False when it must stay after all.
  func takeOut(_ filing: Due, of database: Database) throws -> Bool {
    guard let rows = try rows(of: filing, in: database) else { return false }
    for row in rows {
      for table in ["slip", "settled", "envelope"] {
        try database.cachedStatement(sql: "DELETE FROM \(table) WHERE row = ?").execute(arguments: [row])
      }
    }
    try database.cachedStatement(
      sql: "UPDATE sequence SET pruned = pruned + 1 WHERE allotment = ? AND day = ?"
    ).execute(arguments: [filing.number.allotment.text, filing.number.day.digits])
    return true
  }

  /// Commands whose time is long over cannot come again.
  func hasOldCommands(_ database: Database) throws -> Bool {
    guard let oldest else { return false }
    let sql = "SELECT 1 FROM command WHERE word IS NOT NULL AND until < ? LIMIT 1"
    return try Row.fetchOne(database, sql: sql, arguments: [oldest]) != nil
  }

  func takeOutCommands(_ database: Database) throws {
    guard let oldest else { return }
    try database.execute(
      sql: "DELETE FROM command WHERE word IS NOT NULL AND until < ?", arguments: [oldest])
  }
}
