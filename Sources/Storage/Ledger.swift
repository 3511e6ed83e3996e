// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// A terminal's memory of what it took: one file, each write one transaction.
public final class Ledger: Sendable {
  let file: DurableDatabase
  private let numbering: Numbering?
  /// In use for new numbers; nil when none is left, or when the ledger is only looked at.
  public let allotment: Allotment?
  private let counter: SequenceCounter
  let clock: any WallTime
  private let chance: any RandomSource
  let newsboard: OutboxNews

  /// Opens the ledger for filing.
  ///
  /// - Parameters:
  ///   - record: path of the small file that remembers all allotments ever used here; it
  ///     must outlive the ledger.
  ///   - news: told of each change of the outbox.
  ///   - outcomeUnknown: see `DurableDatabase.open`.
  public static func open(
    path: String, record: String, numbering: Numbering, clock: any WallTime, chance: any RandomSource,
    news: OutboxNews = OutboxNews(), outcomeUnknown: @escaping @Sendable () -> Void
  ) async throws(OpenFault) -> Ledger {
    let file = try DurableDatabase.open(
      path: path, migrations: LedgerSchema.migrations, outcomeUnknown: outcomeUnknown)
    do {
      let choice = LedgerAllotment(file: file, record: AllotmentRecord(path: record))
      let allotment = try await choice.choose(numbering)
      return Ledger(
        file: file, numbering: numbering, allotment: allotment,
        counter: SequenceCounter(try await sequences(of: allotment, in: file)), clock: clock,
        chance: chance, news: news)
    } catch let fault as OpenFault {
      throw fault
    } catch {
      throw error as? StoreFault == .full ? .full : .broken
    }
  }

  /// Opens the ledger to look at it: it gives no numbers and uses up no allotment.
  public static func inspect(
    path: String, clock: any WallTime, chance: any RandomSource
  ) throws(OpenFault) -> Ledger {
    let file = try DurableDatabase.open(
      path: path, migrations: LedgerSchema.migrations, outcomeUnknown: {})
    return Ledger(
      file: file, numbering: nil, allotment: nil, counter: SequenceCounter([:]), clock: clock,
      chance: chance, news: OutboxNews())
  }

  private static func sequences(
    of allotment: Allotment?, in file: DurableDatabase
  ) async throws(StoreFault) -> [Day: Int] {
    guard let allotment else { return [:] }
    return try await file.read { database in
      try Row.fetchAll(
        database, sql: "SELECT day, last FROM sequence WHERE allotment = ?", arguments: [allotment.text]
      )
      .reduce(into: [:]) { days, row in
        guard let day = Day(digits: try row.value("day") as String) else { throw StoreFault.broken }
        days[day] = try row.value("last") as Int
      }
    }
  }

  private init(
    file: DurableDatabase, numbering: Numbering?, allotment: Allotment?, counter: SequenceCounter,
    clock: any WallTime, chance: any RandomSource, news: OutboxNews
  ) {
    self.file = file
    self.numbering = numbering
    self.allotment = allotment
    self.counter = counter
    self.clock = clock
    self.chance = chance
    newsboard = news
  }

  public func close() throws { try file.close() }

  private func newID(at time: QualifiedTime) -> EnvelopeID {
    EnvelopeID(milliseconds: time.at.milliseconds, chance: chance.bytes(10))
  }

  func insert(_ envelope: Envelope, into database: Database) throws -> Int64 {
    try database.cachedStatement(
      sql: """
        INSERT INTO envelope (id, number, kind, follows, kept_at, header, routing, content, signature)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        envelope.id.bytes.blob, envelope.number.description, envelope.kind.rawValue,
        envelope.after.flatMap(\.bytes).blob, clock.now().at.milliseconds, envelope.header.blob,
        envelope.routing.blob, envelope.content.blob, envelope.signature.blob,
      ])
    let row = database.lastInsertedRowID
    try database.cachedStatement(sql: "INSERT INTO outbox (row, state) VALUES (?, 'waiting')")
      .execute(arguments: [row])
    return row
  }
}

extension Ledger: Filing {
  public func reserve() async throws(StoreFault) -> Reservation {
    guard let numbering, let allotment else { throw .noNumbers }
    let time = clock.now()
    let day = numbering.day(at: time)
    let sequence = try counter.next(on: day)
    guard
      let number = CaseNumber(
        area: numbering.area, allotment: allotment, day: day, sequence: sequence)
    else { throw .noNumbers }
    return Reservation(id: newID(at: time), number: number, time: time)
  }

  public func reserve(about filing: Filed) async throws(StoreFault) -> Reservation {
    let time = clock.now()
    return Reservation(id: newID(at: time), number: filing.number, time: time)
  }

  public func file(_ envelope: Envelope, slip: SlipJob) async throws(StoreFault) -> Filed {
    let number = envelope.number
    try await file.write { database in
      let row = try self.insert(envelope, into: database)
      try database.cachedStatement(sql: "INSERT INTO slip (job, row) VALUES (?, ?)")
        .execute(arguments: [slip.description, row])
      try database.cachedStatement(
        sql: """
          INSERT INTO sequence (allotment, day, last) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET last = max(last, excluded.last)
          """
      ).execute(arguments: [number.allotment.text, number.day.digits, number.sequence])
    }
    newsboard.tell()
    return Filed(id: envelope.id, number: number)
  }

  public func add(_ envelope: Envelope) async throws(StoreFault) {
    try await file.write { database in _ = try self.insert(envelope, into: database) }
    newsboard.tell()
  }

  public func untold() async throws(StoreFault) -> [Filed] {
    try await file.read { database in
      try Readable.rows(
        database,
        sql: """
          SELECT id, number, kind FROM envelope AS filing WHERE kind = 'application' AND NOT EXISTS
            (SELECT 1 FROM envelope WHERE kind = 'told' AND number = filing.number) ORDER BY row
          """
      ) { row in
        let key = try EnvelopeKey(row: row)
        return Filed(id: key.id, number: key.number)
      }
    }
  }

  /// Writes about as much as a filing does, durably and beside all that counts: whether a
  /// filing would be kept now.
  public func dryWrite() async throws(StoreFault) {
    try await file.write { database in
      // Bytes of chance, since SQLite writes nothing when nothing changed.
      try database.execute(
        sql: """
          INSERT INTO dry_write (row, bytes) VALUES (1, randomblob(32768))
          ON CONFLICT DO UPDATE SET bytes = excluded.bytes
          """)
    }
  }
}

extension Ledger: SlipJournal {
  public func settle(_ job: SlipJob, _ outcome: SlipOutcome) async throws(StoreFault) {
    let (word, trouble): (String, SlipTrouble?) =
      switch outcome {
      case .printed: ("printed", nil)
      case .notPrinted(let trouble): ("notPrinted", trouble)
      case .unknown(let trouble): ("unknown", trouble)
      }
    try await file.write { database in
      try database.execute(
        sql: "UPDATE slip SET outcome = ?, trouble = ? WHERE job = ?",
        arguments: [word, trouble?.rawValue, job.description])
      guard database.changesCount == 1 else { throw StoreFault.missing }
    }
  }
}
