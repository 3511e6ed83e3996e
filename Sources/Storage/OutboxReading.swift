// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records

/// Picks what is to be carried next. A page that is damaged costs the rows on it and no
/// others: each envelope is fetched by itself, and the list of those that wait is walked
/// around the damage.
struct OutboxReading {
  let database: Database
  let limit: Int
  private var passedOver: Set<Int64>
  private var envelopes: [Envelope] = []

  /// - Parameter lost: rows whose verdict could not be kept, for damage.
  init(_ database: Database, limit: Int, excluding: Set<EnvelopeID>, lost: Set<Int64>) throws {
    self.database = database
    self.limit = limit
    passedOver = lost
    for id in excluding { if let row = try row(of: id) { passedOver.insert(row) } }
  }

  /// Those in `first` before all others, then the oldest.
  mutating func next(first: Set<EnvelopeID>) throws -> [Envelope] {
    for id in first.sorted() {
      if let row = try row(of: id), try WaitingRows.hold(row, in: database) { try take(row) }
    }
    try WaitingRows.each(in: database, after: 0) { row in
      if envelopes.count < limit { try take(row) }
      return envelopes.count < limit
    }
    return envelopes
  }

  private func row(of id: EnvelopeID) throws -> Int64? {
    try database.passingDamage {
      try Int64.fetchOne(
        $0.cachedStatement(sql: "SELECT row FROM envelope WHERE id = ?"), arguments: [id.bytes.blob])
    }
  }

  private mutating func take(_ row: Int64) throws {
    guard envelopes.count < limit, passedOver.insert(row).inserted else { return }
    if let envelope = try Envelope.readable(at: row, in: database) { envelopes.append(envelope) }
  }
}

/// The rows that wait, oldest first.
enum WaitingRows {
  static func hold(_ row: Int64, in database: Database) throws -> Bool {
    try database.passingDamage {
      try Int64.fetchOne(
        $0.cachedStatement(sql: "SELECT row FROM outbox WHERE row = ?"), arguments: [row])
    } != nil
  }

  /// Nil where the damage lies on the page of the settled row.
  private static func isSettled(_ row: Int64, _ database: Database) throws -> Bool? {
    try database.passingDamage {
      try Bool.fetchOne(
        $0.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM settled WHERE row = ?)"), arguments: [row])
    }
  }

  /// Reads no further than `body` wants: the outbox holds only what waits, in order. Where it
  /// is damaged the envelopes are walked instead, around pages that cannot be read, for those
  /// that are not settled; a row may then come twice.
  static func each(
    in database: Database, after row: Int64, _ body: (Int64) throws -> Bool
  ) throws {
    do {
      let cursor = try Int64.fetchCursor(
        database.cachedStatement(sql: "SELECT row FROM outbox WHERE row > ? ORDER BY row"), arguments: [row])
      var last = row
      while let row = try cursor.next() {
        guard row > last else { throw DatabaseError.outOfOrder }
        last = row
        if !(try body(row)) { return }
      }
    } catch let error as DatabaseError where error.isDamage {
      var walk = DamagedTable("envelope").walk(after: row)
      while let row = try walk.next(in: database) {
        if try isSettled(row, database) == false, !(try body(row)) { return }
      }
    }
  }
}

extension Envelope {
  /// Nil when the row or a page it lies on cannot be read.
  static func readable(at row: Int64, in database: Database) throws -> Envelope? {
    try database.passingDamage { database in
      try Row.fetchOne(
        database.cachedStatement(sql: "SELECT * FROM envelope WHERE row = ?"), arguments: [row]
      ).flatMap { row in
        do { return try Envelope(row: row) } catch is StoreFault { return nil }
      }
    }
  }
}
