// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension SQLiteCaseStore {
  public func claim(
    _ number: CaseNumber, hash: String, at time: Timestamp, limit: ClaimLimit
  ) async throws(StoreFault) -> ClaimOutcome {
    try await file.write { database in
      guard let record = try Self.publicApplication(number, in: database),
        let expected = record.routing?.claimHash
      else { return .nothingToClaim }
      let attempts = try Attempts(number, at: time, limit: limit, in: database)
      if attempts.wrong >= limit.attempts {
        return .resting(until: attempts.since.advanced(bySeconds: limit.seconds))
      }
      guard hash == expected else {
        try attempts.keepAnother(in: database)
        return .wrong
      }
      return .right(record)
    }
  }
}

/// The wrong claim codes given for one number in the running stretch of time.
private struct Attempts {
  let number: CaseNumber
  let since: Timestamp
  let wrong: Int

  init(
    _ number: CaseNumber, at time: Timestamp, limit: ClaimLimit, in database: Database
  ) throws {
    self.number = number
    let row = try Row.fetchOne(
      database, sql: "SELECT since, wrong FROM claim_attempt WHERE number = ?",
      arguments: [number.description])
    let since = Timestamp(milliseconds: row?["since"] ?? time.milliseconds)
    // A stretch that begins in the future is one of a clock that was put back.
    let running = since <= time && time < since.advanced(bySeconds: limit.seconds)
    self.since = running ? since : time
    wrong = running ? row?["wrong"] ?? 0 : 0
  }

  func keepAnother(in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO claim_attempt (number, since, wrong) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET since = excluded.since, wrong = excluded.wrong
        """,
      arguments: [number.description, since.milliseconds, wrong + 1])
  }
}
