// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

extension Ledger: Filing {
  public func reserve() async throws(StoreFault) -> Reservation {
    guard let numbering, let numbers else { throw .noNumbers }
    let time = clock.now()
    let day = numbering.day(at: time)
    let sequence = try await numbers.counter.next(on: day)
    guard
      let number = CaseNumber(
        area: numbering.area, allotment: numbers.allotment, day: day, sequence: sequence)
    else { throw .noNumbers }
    return Reservation(id: newID(at: time), number: number, time: time)
  }

  public func reserve(about filing: Filed) async throws(StoreFault) -> Reservation {
    let time = clock.now()
    return Reservation(id: newID(at: time), number: filing.number, time: time)
  }

  public func file(_ envelope: Envelope, slip: SlipJob) async throws(StoreFault) -> Filed {
    let time = clock.now()
    let row = try await file.write { try self.keep(envelope, slip, keptAt: time, in: $0) }
    slips.withLock { $0[slip] = row }
    newsboard.tell()
    return Filed(id: envelope.id, number: envelope.number)
  }

  private func keep(
    _ envelope: Envelope, _ slip: SlipJob, keptAt time: QualifiedTime, in database: Database
  ) throws -> Int64 {
    let row = try insert(envelope, keptAt: time, into: database)
    try database.cachedStatement(sql: "INSERT INTO untold (row, job) VALUES (?, ?)")
      .execute(arguments: [row, slip.description])
    let number = envelope.number
    try database.cachedStatement(
      sql: """
        INSERT INTO sequence (allotment, day, last, filed) VALUES (?, ?, ?, 1)
        ON CONFLICT DO UPDATE SET last = max(last, excluded.last), filed = filed + 1
        """
    ).execute(arguments: [number.allotment.text, number.day.digits, number.sequence])
    return row
  }

  public func add(_ envelope: Envelope) async throws(StoreFault) {
    let time = clock.now()
    try await file.write { database in
      _ = try self.insert(envelope, keptAt: time, into: database)
    }
    newsboard.tell()
  }

  public func untold() async throws(StoreFault) -> [Filed] {
    try await file.read { database in
      try Readable.rows(
        database, keys: "SELECT row FROM untold ORDER BY row",
        each: "SELECT id, number, kind FROM envelope WHERE row = ?"
      ) { row in
        let key = try EnvelopeKey(row: row)
        return Filed(id: key.id, number: key.number)
      }
    }
  }

  public func verdict(on filing: Filed) async -> Verdict? {
    await verdicts.word(on: filing.id) {
      // The courier looks again, and finds this filing among the awaited ones.
      newsboard.tell()
      // What cannot be read now is told when the centre's word comes.
      return try? await verdict(kept: filing.id)
    }
  }

  /// Whether a filing would be kept now: one is kept and taken back, so that damage in any table
  /// that it touches shows, and about as much as it takes is written, durably and beside all that
  /// counts.
  public func dryWrite() async throws(StoreFault) {
    let time = clock.now()
    let envelope = rehearsed(at: time)
    try await file.write { database in
      if let envelope {
        try database.execute(sql: "SAVEPOINT rehearsal")
        _ = try self.keep(
          envelope, SlipJob(chance: [UInt8](repeating: 0, count: 16)), keptAt: time, in: database)
        try database.execute(sql: "ROLLBACK TO rehearsal; RELEASE rehearsal")
      }
      // Bytes of chance, since SQLite writes nothing when nothing changed.
      try database.execute(
        sql: """
          INSERT INTO dry_write (row, bytes) VALUES (1, randomblob(32768))
          ON CONFLICT DO UPDATE SET bytes = excluded.bytes
          """)
    }
  }

  /// An application under a number that is never given; nil where there are none to give.
  private func rehearsed(at time: QualifiedTime) -> Envelope? {
    guard let numbering, let numbers,
      let number = CaseNumber(
        area: numbering.area, allotment: numbers.allotment, day: numbering.day(at: time),
        sequence: SequenceCounter.never)
    else { return nil }
    return Envelope(
      id: newID(at: time), number: number, kind: .application, after: [], header: [], routing: [],
      content: [], signature: [UInt8](repeating: 0, count: 64))
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
    // A slip is settled in the life that filed it: after a restart no print job is left.
    guard let row = slips.withLock({ $0[job] }) else { throw .missing }
    try await file.write { database in
      try database.cachedStatement(
        sql: """
          INSERT INTO slip (row, job, outcome, trouble) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET outcome = excluded.outcome, trouble = excluded.trouble
          """
      ).execute(arguments: [row, job.description, word, trouble?.rawValue])
    }
    slips.withLock { $0[job] = nil }
  }
}
