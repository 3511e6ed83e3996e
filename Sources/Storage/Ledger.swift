// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

/// A terminal's memory of what it took: one file, each write one transaction.
public final class Ledger: Sendable {
  let file: DurableDatabase
  private let numbering: Numbering
  private let counter: SequenceCounter
  let clock: any WallTime
  private let chance: any RandomSource
  let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

  public static func open(
    path: String, numbering: Numbering, clock: any WallTime, chance: any RandomSource,
    outcomeUnknown: @escaping @Sendable () -> Void
  ) async throws -> Ledger {
    let file = try DurableDatabase.open(
      path: path, migrations: LedgerSchema.migrations, outcomeUnknown: outcomeUnknown)
    let allotment = numbering.allotment.text
    let kept = try await file.read { database in
      try Row.fetchAll(
        database, sql: "SELECT day, last FROM sequence WHERE allotment = ?", arguments: [allotment]
      )
      .reduce(into: [Day: Int]()) { days, row in
        if let day = Day(digits: row["day"] as String) { days[day] = row["last"] }
      }
    }
    return Ledger(
      file: file, numbering: numbering, counter: SequenceCounter(kept), clock: clock, chance: chance)
  }

  private init(
    file: DurableDatabase, numbering: Numbering, counter: SequenceCounter, clock: any WallTime,
    chance: any RandomSource
  ) {
    self.file = file
    self.numbering = numbering
    self.counter = counter
    self.clock = clock
    self.chance = chance
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
    let time = clock.now()
    let day = numbering.day(at: time)
    let sequence = try counter.next(on: day)
    guard
      let number = CaseNumber(
        area: numbering.area, allotment: numbering.allotment, day: day, sequence: sequence)
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
    tellListeners()
    return Filed(id: envelope.id, number: number)
  }

  public func add(_ envelope: Envelope) async throws(StoreFault) {
    try await file.write { database in _ = try self.insert(envelope, into: database) }
    tellListeners()
  }

  public func untold() async throws(StoreFault) -> [Filed] {
    try await file.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT id, number FROM envelope AS filing WHERE kind = 'application' AND NOT EXISTS
            (SELECT 1 FROM envelope WHERE kind = 'told' AND number = filing.number) ORDER BY row
          """
      ).map { row in
        guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String)
        else { throw StoreFault.broken }
        return Filed(id: id, number: number)
      }
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
