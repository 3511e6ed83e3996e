// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Wire

extension SQLiteCaseStore {
  public func claim(
    _ number: CaseNumber, hash: String, from address: String?, at time: Timestamp,
    limits: ClaimLimits
  ) async throws(StoreFault) -> ClaimOutcome {
    try await file.write { database in
      guard let record = try CaseRecord.find(number, public: true, in: database),
        let expected = record.routing?.claimHash
      else { return .nothingToClaim }
      var counted = [
        try Attempts(.number(number), at: time, limit: limits.perNumber, in: database)
      ]
      if let address {
        let key = try Attempts.Key.address(address, in: database)
        counted.append(try Attempts(key, at: time, limit: limits.perAddress, in: database))
      }
      if let until = counted.compactMap(\.restingUntil).max() { return .resting(until: until) }
      guard Digests.agree(hash, expected) else {
        for attempts in counted { try attempts.keepAnother(at: time, in: database) }
        return .wrong
      }
      return .right(record)
    }
  }
}

/// The wrong claim codes given for one number, or from one address, in the running stretch
/// of time.
private struct Attempts {
  struct Key {
    let table: String
    let column: String
    let value: DatabaseValue

    static func number(_ number: CaseNumber) -> Key {
      Key(table: "claim_attempt", column: "number", value: number.description.databaseValue)
    }

    static func address(_ address: String, in database: Database) throws -> Key {
      let statement = try database.cachedStatement(sql: "SELECT salt FROM claim_salt")
      guard let row = try Row.fetchOne(statement) else { throw StoreFault.broken }
      let digest = Fingerprint.bytes(row.bytes("salt") + Array(address.utf8))
      return Key(table: "address_attempt", column: "address", value: digest.blob.databaseValue)
    }
  }

  let key: Key
  let limit: ClaimLimit
  let since: Timestamp
  let wrong: Int

  init(_ key: Key, at time: Timestamp, limit: ClaimLimit, in database: Database) throws {
    self.key = key
    self.limit = limit
    let statement = try database.cachedStatement(
      sql: "SELECT since, wrong FROM \(key.table) WHERE \(key.column) = ?")
    let row = try Row.fetchOne(statement, arguments: [key.value])
    let since = row?.time("since") ?? time
    // A stretch that begins in the future is one of a clock that was put back.
    let running = since <= time && time < since.advanced(bySeconds: limit.seconds)
    self.since = running ? since : time
    wrong = running ? row?["wrong"] ?? 0 : 0
  }

  var restingUntil: Timestamp? {
    wrong >= limit.attempts ? since.advanced(bySeconds: limit.seconds) : nil
  }

  /// Also takes out what no longer counts, a few at a time.
  func keepAnother(at time: Timestamp, in database: Database) throws {
    try database.run(
      """
      INSERT INTO \(key.table) (\(key.column), since, wrong) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET since = excluded.since, wrong = excluded.wrong
      """, [key.value, since.milliseconds, wrong + 1])
    try database.run(
      """
      DELETE FROM \(key.table) WHERE \(key.column) IN
        (SELECT \(key.column) FROM \(key.table) WHERE since <= ? ORDER BY since LIMIT 4)
      """, [time.advanced(bySeconds: -limit.seconds).milliseconds])
  }
}
