// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records

extension [UInt8] {
  var blob: Data { Data(self) }
}

extension Row {
  /// A column's value. A damaged file may hold anything: what does not fit is a fault,
  /// never the end of the process.
  func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
    let stored: DatabaseValue = self[column]
    guard let value = Value.fromDatabaseValue(stored) else { throw StoreFault.broken }
    return value
  }

  func bytes(_ column: String) throws -> [UInt8] { [UInt8](try value(column) as Data) }

  func allotment(_ column: String) throws -> Allotment {
    guard let allotment = Allotment(try value(column) as String) else { throw StoreFault.broken }
    return allotment
  }
}

/// What names an envelope in a row of the ledger.
struct EnvelopeKey {
  let id: EnvelopeID
  let number: CaseNumber
  let kind: EnvelopeKind

  init(row: Row) throws {
    guard let id = EnvelopeID(bytes: try row.bytes("id")),
      let number = CaseNumber(try row.value("number") as String),
      let kind = EnvelopeKind(rawValue: try row.value("kind"))
    else { throw StoreFault.broken }
    self.id = id
    self.number = number
    self.kind = kind
  }
}

extension Envelope {
  init(row: Row) throws {
    let key = try EnvelopeKey(row: row)
    let follows = try row.bytes("follows")
    guard follows.count % 16 == 0 else { throw StoreFault.broken }
    let after = stride(from: 0, to: follows.count, by: 16)
      .compactMap { EnvelopeID(bytes: Array(follows[$0..<$0 + 16])) }
    self.init(
      id: key.id, number: key.number, kind: key.kind, after: after, header: try row.bytes("header"),
      routing: try row.bytes("routing"), content: try row.bytes("content"),
      signature: try row.bytes("signature"))
  }
}

extension OutboxRow {
  init(row: Row) throws {
    let key = try EnvelopeKey(row: row)
    guard let state = OutboxRow.State(rawValue: try row.value("state")) else {
      throw StoreFault.broken
    }
    self.init(
      id: key.id, number: key.number, kind: key.kind, state: state,
      reason: String.fromDatabaseValue(row["reason"]),
      filedAt: Timestamp(milliseconds: try row.value("kept_at")))
  }
}

/// Rows that can be read, in order; those that cannot are passed over, so that one bad row
/// or page never stops the rest. `Ledger.check` tells of them.
enum Readable {
  /// - Parameters:
  ///   - keys: gives the rows' numbers. Damage there ends the list.
  ///   - limit: so many are looked for; the query itself has no limit.
  ///   - each: gives one row for its number.
  static func rows<Value>(
    _ database: Database, keys: String, limit: Int = .max, each: String, _ read: (Row) throws -> Value
  ) throws -> [Value] {
    var values: [Value] = []
    _ = try database.passingDamage { database in
      let cursor = try Int64.fetchCursor(database, sql: keys)
      while values.count < limit, let key = try cursor.next() {
        if let value = try Self.row(database, key, each, read) { values.append(value) }
      }
      return true
    }
    return values
  }

  private static func row<Value>(
    _ database: Database, _ key: Int64, _ each: String, _ read: (Row) throws -> Value
  ) throws -> Value? {
    try database.passingDamage { database in
      try Row.fetchOne(database.cachedStatement(sql: each), arguments: [key]).flatMap { row in
        do { return try read(row) } catch is StoreFault { return nil }
      }
    }
  }
}
