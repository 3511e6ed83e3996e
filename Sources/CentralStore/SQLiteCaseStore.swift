// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// The centre's memory in one SQLite file.
public final class SQLiteCaseStore: CaseStore {
  let file: DurableDatabase
  let bound: UnsignedBound
  let givers = Givers()
  let sightings = Sightings()
  let newsboard = Newsboard()

  /// - Parameters:
  ///   - bound: how much room unsigned envelopes may take.
  ///   - layingLog: see `DurableDatabase.open`.
  ///   - outcomeUnknown: see there; the process must end.
  public static func open(
    path: String, bound: UnsignedBound = UnsignedBound(), layingLog: Bool = true,
    outcomeUnknown: @escaping @Sendable () -> Void
  ) throws(OpenFault) -> SQLiteCaseStore {
    let file = try DurableDatabase.open(
      path: path, migrations: CentreSchema.migrations, layingLog: layingLog,
      outcomeUnknown: outcomeUnknown)
    return SQLiteCaseStore(file: file, bound: bound)
  }

  private init(file: DurableDatabase, bound: UnsignedBound) {
    self.file = file
    self.bound = bound
  }

  /// Writes down what is in memory only, and closes the file. No other call may follow.
  public func close() async throws {
    let sightings = sightings.due(at: nil)
    if !sightings.isEmpty { try await file.write { try Sightings.write(sightings, to: $0) } }
    try file.close()
  }
}

extension SQLiteCaseStore {
  public func take(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) async throws(StoreFault) -> [Verdict] {
    if arrivals.isEmpty { return [] }
    let sightings = sightings.due(at: time)
    let batch = Batch(arrivals, at: time, due: due, bound: bound, givers: givers, judge: judge)
    do throws(StoreFault) {
      let (verdicts, learned) = try await written(batch) { database in
        try Sightings.write(sightings, to: database)
        return try batch.take(into: database)
      }
      givers.learn(learned)
      return verdicts
    } catch {
      self.sightings.putBack(sightings.keys)
      throw error
    }
  }

  private func written<Value: Sendable>(
    _ batch: Batch, _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    do throws(StoreFault) {
      return try await file.write(body)
    } catch {
      guard batch.isViolated else { throw error }
      return try await file.write(body)
    }
  }

  public func application(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord? {
    try await file.read { try CaseRecord.find(number, public: false, in: $0) }
  }

  public func publicApplication(
    _ number: CaseNumber
  ) async throws(StoreFault) -> CaseRecord? {
    try await file.read { try CaseRecord.find(number, public: true, in: $0) }
  }

  public func envelope(_ number: CaseNumber) async throws(StoreFault) -> Envelope? {
    try await file.read { try CaseRecord.envelope(number, in: $0) }
  }

  public func applications(
    after cursor: Int64, limit: Int
  ) async throws(StoreFault) -> [CaseRecord] {
    try await file.read { try CaseRecord.page(after: cursor, limit: limit, in: $0) }
  }

  public func withdraw(matter: String, at time: Timestamp) async throws(StoreFault) {
    try await file.write { database in
      try database.run(
        "INSERT INTO withdrawn_matter (matter, since) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [matter, time.milliseconds])
    }
  }

  public func counts() async throws(StoreFault) -> CentreCounts {
    try await file.read { database in
      try CentreCounts.fetch("SELECT * FROM tally", in: database)
    }
  }

  /// Counted from the rows themselves: what `counts` must say. Reads the whole file.
  public func recount() async throws(StoreFault) -> CentreCounts {
    try await file.read { try CentreCounts.fetch(CentreSchema.recount, in: $0) }
  }
}

extension CentreCounts {
  static func fetch(_ sql: String, in database: Database) throws -> CentreCounts {
    guard let row = try Row.fetchOne(database.cachedStatement(sql: sql)) else {
      throw StoreFault.broken
    }
    return CentreCounts(row: row)
  }

  private init(row: Row) {
    self.init()
    applications = row["applications"]
    withdrawals = row["withdrawals"]
    corrections = row["corrections"]
    told = row["told"]
    ratings = row["ratings"]
    invited = row["invited"]
    refused = row["refused"]
    openTasks = row["open_tasks"]
    held = row["held"]
    deliveries = row["deliveries"]
    repeats = row["repeats"]
    dropped = row["dropped"]
    droppedBytes = row["dropped_bytes"]
  }
}
