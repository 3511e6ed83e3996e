// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The rows of a table of which some pages cannot be read.
struct DamagedTable {
  private let sql: String

  init(_ name: String) {
    sql = "SELECT row FROM \(name) NOT INDEXED WHERE row > ? ORDER BY row LIMIT 1"
  }

  func walk(after row: Int64 = 0) -> Walk { Walk(sql: sql, at: row) }

  /// From one row to the last that can be reached. A row can be looked up although its
  /// neighbours cannot: the tree leads past a damaged leaf.
  struct Walk {
    fileprivate let sql: String
    private var at: Int64
    /// The farthest a walk leaps over damage, in rows.
    private static let leap: Int64 = 1 << 40

    fileprivate init(sql: String, at: Int64) {
      self.sql = sql
      self.at = at
    }

    mutating func next(in database: Database) throws -> Int64? {
      guard let start = try reachable(in: database), let row = try row(after: start, database) else {
        return nil
      }
      at = row
      return row
    }

    /// The least place, from here on, after which a row can be read; nil for none.
    private func reachable(in database: Database) throws -> Int64? {
      if try leads(at, database) { return at }
      var (bad, step) = (at, Int64(1))
      while !(try leads(at + step, database)) {
        bad = at + step
        step *= 2
        if step > Self.leap { return nil }
      }
      var good = at + step
      while good - bad > 1 {
        let middle = bad + (good - bad) / 2
        if try leads(middle, database) { good = middle } else { bad = middle }
      }
      return good
    }

    private func leads(_ place: Int64, _ database: Database) throws -> Bool {
      do {
        _ = try row(after: place, database)
        return true
      } catch let error as DatabaseError where error.isDamage {
        return false
      }
    }

    private func row(after place: Int64, _ database: Database) throws -> Int64? {
      let row = try Int64.fetchOne(database.cachedStatement(sql: sql), arguments: [place])
      if let row, row <= place { throw DatabaseError.outOfOrder }
      return row
    }
  }
}

extension DatabaseError {
  /// A key that was altered: SQLite looks for it in its place only, and gives it out of its turn
  /// without a word. Whoever went on from there could go in a circle for ever.
  static let outOfOrder = DatabaseError(resultCode: .SQLITE_CORRUPT, message: "rows out of order")

  /// A page that cannot be read or makes no sense; other pages may.
  var isDamage: Bool {
    [.SQLITE_CORRUPT, .SQLITE_IOERR, .SQLITE_NOTADB, .SQLITE_TOOBIG, .SQLITE_NOMEM, .SQLITE_MISMATCH]
      .contains(resultCode)
  }
}

extension Database {
  /// Nil where a damaged page stands in the way.
  func passingDamage<Value>(_ read: (Database) throws -> Value?) throws -> Value? {
    do {
      return try read(self)
    } catch let error as DatabaseError where error.isDamage {
      return nil
    }
  }
}
