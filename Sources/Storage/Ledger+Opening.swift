// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension Ledger {
  /// Opens the ledger for filing. When its numbers cannot be known for certain (their rows
  /// or the record are damaged) it opens without any: what waits is still carried.
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
    let file = try Self.file(path, outcomeUnknown)
    let opening = LedgerOpening(file: file, record: AllotmentRecord(path: record), time: clock.now())
    return Ledger(
      file: file, numbering: numbering, numbers: try await opening.numbers(numbering), clock: clock,
      chance: chance, news: news)
  }

  /// Opens the ledger to look at it: it gives no numbers and uses up no allotment.
  public static func inspect(
    path: String, clock: any WallTime, chance: any RandomSource
  ) throws(OpenFault) -> Ledger {
    Ledger(
      file: try file(path, {}), numbering: nil, numbers: nil, clock: clock, chance: chance,
      news: OutboxNews())
  }

  /// Asked under the lock, or a salvage might begin and break off between the two.
  private static func file(
    _ path: String, _ outcomeUnknown: @escaping @Sendable () -> Void
  ) throws(OpenFault) -> DurableDatabase {
    try DurableDatabase.open(
      path: path, migrations: LedgerSchema.migrations, refusingLostCommits: true,
      unless: { () throws(OpenFault) in try SalvageSwap.forbidUnfinished(at: path) },
      outcomeUnknown: outcomeUnknown)
  }
}

/// What happens between a file that is open and a ledger that takes filings.
struct LedgerOpening {
  let file: DurableDatabase
  let record: AllotmentRecord
  let time: QualifiedTime

  /// The ledger keeps its allotment first and the record after: a power cut between the two
  /// uses nothing up, and no number was given yet.
  func numbers(
    _ numbering: Numbering
  ) async throws(OpenFault) -> (allotment: Allotment, counter: SequenceCounter)? {
    guard var contents = try found(), let own = try await own() else {
      await noteOpening([:])
      return nil
    }
    let chosen = own.choice(numbering, used: contents.used)
    try await keep(chosen, own, numbering, contents)
    let used = contents.used
    for allotment in own.all(with: chosen) where !contents.used.contains(allotment) {
      contents.used.append(allotment)
    }
    if contents.used != used { try record.keep(contents) }
    return chosen.map { chosen in
      let counter = SequenceCounter(
        chosen, last: own.last[chosen] ?? [:], record: record, contents)
      return (chosen, counter)
    }
  }

  /// Nil when the record is damaged.
  private func found() throws(OpenFault) -> AllotmentRecord.Contents? {
    do throws(OpenFault) {
      return try record.read()
    } catch .broken {
      return nil
    }
  }

  /// Nil when the ledger's own rows about its numbers are damaged.
  private func own() async throws(OpenFault) -> LedgerAllotment? {
    do throws(StoreFault) {
      return try await file.read { try LedgerAllotment($0) }
    } catch .broken {
      return nil
    } catch {
      throw error == .full ? .full : .broken
    }
  }

  private func keep(
    _ chosen: Allotment?, _ own: LedgerAllotment, _ numbering: Numbering,
    _ contents: AllotmentRecord.Contents
  ) async throws(OpenFault) {
    guard let chosen else { return await noteOpening([:]) }
    let marks = contents.marks[chosen] ?? [:]
    guard own.isNew(chosen, numbering) else {
      return await noteOpening(["allotment": chosen.text]) { database in
        try own.skip(to: marks, of: chosen, in: database)
      }
    }
    let time = time
    do throws(StoreFault) {
      try await file.write { database in
        try LedgerAllotment.keep(chosen, for: numbering, in: database)
        try AuditChain.append(
          AuditEntry("allotment.taken", ["allotment": chosen.text]), at: time, to: database)
      }
    } catch {
      throw error == .full ? .full : .broken
    }
    await noteOpening(["allotment": chosen.text])
  }

  /// That it was opened is worth an entry, but no reason to keep a terminal with a full disk
  /// or a damaged page from carrying what it has.
  private func noteOpening(
    _ places: [String: String], _ skip: @escaping @Sendable (Database) throws -> Int = { _ in 0 }
  ) async {
    let (time, migrated) = (time, file.migrated)
    _ = try? await file.write { database in
      var places = places
      let skipped = try skip(database)
      if skipped > 0 { places["skipped"] = "\(skipped)" }
      for step in migrated {
        try AuditChain.append(AuditEntry("ledger.migrated", ["step": step]), at: time, to: database)
      }
      try AuditChain.append(AuditEntry("ledger.opened", places), at: time, to: database)
    }
  }
}
