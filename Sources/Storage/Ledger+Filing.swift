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
    let (number, time) = (envelope.number, clock.now())
    let row = try await file.write { database in
      let row = try self.insert(envelope, keptAt: time, into: database)
      try database.cachedStatement(sql: "INSERT INTO untold (row, job) VALUES (?, ?)")
        .execute(arguments: [row, slip.description])
      try database.cachedStatement(
        sql: """
          INSERT INTO sequence (allotment, day, last, filed) VALUES (?, ?, ?, 1)
          ON CONFLICT DO UPDATE SET last = max(last, excluded.last), filed = filed + 1
          """
      ).execute(arguments: [number.allotment.text, number.day.digits, number.sequence])
      return row
    }
    slips.withLock { $0[slip] = row }
    newsboard.tell()
    return Filed(id: envelope.id, number: number)
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
