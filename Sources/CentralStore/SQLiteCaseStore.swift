// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// The centre's memory in one SQLite file.
public final class SQLiteCaseStore: Sendable {
  let file: DurableDatabase

  /// - Parameter outcomeUnknown: see `DurableDatabase.open`; the process must end.
  public static func open(
    path: String, outcomeUnknown: @escaping @Sendable () -> Void
  ) throws(OpenFault) -> SQLiteCaseStore {
    SQLiteCaseStore(
      file: try DurableDatabase.open(
        path: path, migrations: CentreSchema.migrations, outcomeUnknown: outcomeUnknown))
  }

  private init(file: DurableDatabase) { self.file = file }

  public func close() throws { try file.close() }
}

extension SQLiteCaseStore: CaseStore {
  public func take(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) async throws(StoreFault) -> [Verdict] {
    try await file.write { database in
      let intake = Intake(database: database, time: time, due: due)
      return try arrivals.map { arrival in
        try intake.settle(judge(arrival, intake.circumstances(of: arrival)), on: arrival)
      }
    }
  }

  public func application(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord? {
    try await file.read { database in
      try Row.fetchOne(
        database,
        sql: "\(CaseRecord.select) WHERE number = ? AND kind = 'application' \(CaseRecord.choice)",
        arguments: [number.description]
      ).map { try CaseRecord(row: $0) }
    }
  }

  public func publicApplication(
    _ number: CaseNumber
  ) async throws(StoreFault) -> CaseRecord? {
    try await file.read { try Self.publicApplication(number, in: $0) }
  }

  static func publicApplication(
    _ number: CaseNumber, in database: Database
  ) throws -> CaseRecord? {
    try Row.fetchOne(
      database,
      sql: """
        \(CaseRecord.select)
        WHERE number = ? AND kind = 'application' AND \(CaseRecord.ofTheNumbersTerminal)
        \(CaseRecord.choice)
        """,
      arguments: [number.description]
    ).map { try CaseRecord(row: $0) }
  }

  public func envelope(_ number: CaseNumber) async throws(StoreFault) -> Envelope? {
    try await file.read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT * FROM envelope WHERE number = ? AND kind = 'application' \(CaseRecord.choice)
          """,
        arguments: [number.description]
      ).map { try Envelope(row: $0) }
    }
  }

  public func applications(
    after cursor: Int64, limit: Int
  ) async throws(StoreFault) -> [CaseRecord] {
    try await file.read { database in
      try Row.fetchAll(
        database,
        sql: CaseRecord.select + " WHERE kind = 'application' AND row > ? ORDER BY row LIMIT ?",
        arguments: [cursor, limit]
      ).map { try CaseRecord(row: $0) }
    }
  }

  public func withdraw(matter: String, at time: Timestamp) async throws(StoreFault) {
    try await file.write { database in
      try database.execute(
        sql: "INSERT INTO withdrawn_matter (matter, since) VALUES (?, ?) ON CONFLICT DO NOTHING",
        arguments: [matter, time.milliseconds])
    }
  }

  public func counts() async throws(StoreFault) -> CentreCounts {
    try await file.read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT count(*) FILTER (WHERE kind = 'application' AND state != 'refused') AS applications,
            count(*) FILTER (WHERE kind = 'told' AND state != 'refused') AS told,
            count(rating) FILTER (WHERE kind = 'rating' AND state != 'refused') AS ratings,
            count(*) FILTER (WHERE kind = 'rating' AND state != 'refused' AND rating IS NULL)
              AS invited,
            count(*) FILTER (WHERE state = 'refused') AS refused,
            count(*) FILTER (WHERE state = 'held') AS held,
            coalesce(sum(deliveries), 0) AS deliveries,
            coalesce(sum(deliveries - 1), 0) AS repeats
          FROM envelope
          """)
      guard let row else { throw StoreFault.broken }
      return CentreCounts(
        applications: row["applications"], told: row["told"], ratings: row["ratings"],
        invited: row["invited"], refused: row["refused"], held: row["held"],
        deliveries: row["deliveries"], repeats: row["repeats"])
    }
  }
}
