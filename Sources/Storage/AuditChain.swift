// SPDX-License-Identifier: Apache-2.0

import Crypto
import DurableSQLite
import FoundationEssentials
import GRDB
import Records

/// The audit's chain: each link is SHA-256 over the link before, the entry's row and time
/// (eight bytes each, highest first) and the entry as it is kept, in JSON with sorted keys.
/// An entry that was altered, taken out or put in breaks every link behind it.
enum AuditChain {
  static let start = [UInt8](repeating: 0, count: 32)

  static func link(after previous: [UInt8], row: Int64, at: Int64, entry: String) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: previous)
    for number in [row, at] {
      withUnsafeBytes(of: number.bigEndian) { hash.update(bufferPointer: $0) }
    }
    hash.update(data: Array(entry.utf8))
    return Array(hash.finalize())
  }

  static func append(_ entry: AuditEntry, at time: QualifiedTime, to database: Database) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(entry), as: UTF8.self)
    let (row, previous) = try last(in: database)
    let chain = link(after: previous, row: row + 1, at: time.at.milliseconds, entry: text)
    try database.cachedStatement(sql: "INSERT INTO audit (row, at, entry, chain) VALUES (?, ?, ?, ?)")
      .execute(arguments: [row + 1, time.at.milliseconds, text, chain.blob])
  }

  private static func last(in database: Database) throws -> (row: Int64, chain: [UInt8]) {
    let newest = "SELECT row, chain FROM audit ORDER BY row DESC LIMIT 1"
    guard let row = try Row.fetchOne(database, sql: newest) else { return (0, start) }
    return (try row.value("row"), try row.bytes("chain"))
  }

  static func head(in database: Database) throws -> AuditHead {
    let (row, chain) = try last(in: database)
    return AuditHead(entries: Int(row), chain: Hex.text(chain))
  }

  /// Where the chain does not hold; empty when it does. Stops at the first place.
  static func damage(in database: Database) throws -> [String] {
    let cursor = try Row.fetchCursor(database, sql: "SELECT * FROM audit ORDER BY row")
    var (expected, previous) = (Int64(1), start)
    while let row = try cursor.next() {
      let (number, at): (Int64, Int64) = (try row.value("row"), try row.value("at"))
      let chain = link(after: previous, row: number, at: at, entry: try row.value("entry"))
      guard number == expected, chain == (try row.bytes("chain")) else {
        return ["the audit chain does not hold at entry \(expected)"]
      }
      (expected, previous) = (number + 1, chain)
    }
    return []
  }
}

extension Ledger: AuditTrail {
  public func note(_ entry: AuditEntry) async throws(StoreFault) {
    let time = clock.now()
    try await file.write { try AuditChain.append(entry, at: time, to: $0) }
  }

  public func head() async throws(StoreFault) -> AuditHead {
    try await file.read { try AuditChain.head(in: $0) }
  }
}
