// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

/// A terminal's memory of what it took: one file, each write one transaction.
public final class Ledger: Sendable {
  let file: DurableDatabase
  /// Nil when the ledger is only looked at.
  let numbering: Numbering?
  /// In use for new numbers; nil when none is left, or when the ledger is only looked at.
  public var allotment: Allotment? { numbers?.allotment }
  let numbers: (allotment: Allotment, counter: SequenceCounter)?
  let clock: any WallTime
  private let chance: any RandomSource
  let newsboard: OutboxNews
  /// Visits that wait for the centre's word on their filings.
  let verdicts = Standby<EnvelopeID, Verdict>()
  /// Commands that are being obeyed.
  let commands = Standby<String, CommandOutcome>()
  let obeying = Mutex<Set<String>>([])
  /// Rows whose verdict could not be kept, for damage: not carried again in this life.
  let lost = Mutex<Set<Int64>>([])
  /// Slips of this life that are not settled, and the rows of their filings.
  let slips = Mutex<[SlipJob: Int64]>([:])

  init(
    file: DurableDatabase, numbering: Numbering?, numbers: (allotment: Allotment, counter: SequenceCounter)?,
    clock: any WallTime, chance: any RandomSource, news: OutboxNews
  ) {
    self.file = file
    self.numbering = numbering
    self.numbers = numbers
    self.clock = clock
    self.chance = chance
    newsboard = news
  }

  /// Ends cleanly: the next opening has nothing to repair, and numbers go on without a gap.
  public func close() throws {
    numbers?.counter.close()
    try file.close()
  }

  func newID(at time: QualifiedTime) -> EnvelopeID {
    EnvelopeID(milliseconds: time.at.milliseconds, chance: chance.bytes(10))
  }

  func insert(
    _ envelope: Envelope, keptAt time: QualifiedTime, into database: Database
  ) throws -> Int64 {
    try database.cachedStatement(
      sql: """
        INSERT INTO envelope (id, number, kind, follows, kept_at, quality, header, routing, content,
          signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        envelope.id.bytes.blob, envelope.number.description, envelope.kind.rawValue,
        envelope.after.flatMap(\.bytes).blob, time.at.milliseconds, time.quality.rawValue,
        envelope.header.blob, envelope.routing.blob, envelope.content.blob, envelope.signature.blob,
      ])
    return database.lastInsertedRowID
  }
}
