// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

extension Ledger: Outbox {
  public func waiting(
    limit: Int, excluding: Set<EnvelopeID>
  ) async throws(StoreFault) -> [Envelope] {
    let (first, lost) = (verdicts.keys.subtracting(excluding), lost.withLock { $0 })
    return try await file.read { database in
      var reading = try OutboxReading(database, limit: limit, excluding: excluding, lost: lost)
      return try reading.next(first: first)
    }
  }

  public func settle(_ words: [EnvelopeID: Verdict]) async throws(StoreFault) {
    guard !words.isEmpty else { return }
    let now = clock.now().at
    do throws(StoreFault) {
      let settled = try await file.write { database in
        try words.filter { try database.settle($0.key, $0.value, at: now) }
      }
      tell(settled)
    } catch .broken {
      try await settleEach(words, at: now)
    }
  }

  /// One row on a damaged page must not hold back the others.
  private func settleEach(
    _ words: [EnvelopeID: Verdict], at now: Timestamp
  ) async throws(StoreFault) {
    var broken: [EnvelopeID] = []
    for (id, verdict) in words {
      do throws(StoreFault) {
        if try await file.write({ try $0.settle(id, verdict, at: now) }) { tell([id: verdict]) }
      } catch .broken {
        broken.append(id)
      }
    }
    if broken.isEmpty { return }
    // Where nothing can be written the fault is not the rows'.
    try await dryWrite()
    for id in broken { await loseSight(of: id) }
    throw .broken
  }

  /// The centre has it and the terminal cannot keep that: not carried again in this life.
  private func loseSight(of id: EnvelopeID) async {
    let row = try? await file.read { database in
      try Int64.fetchOne(database, sql: "SELECT row FROM envelope WHERE id = ?", arguments: [id.bytes.blob])
    }
    if let row { lost.withLock { _ = $0.insert(row) } }
  }

  private func tell(_ settled: [EnvelopeID: Verdict]) {
    for (id, verdict) in settled { verdicts.say(verdict, on: id) }
  }

  public func news() -> AsyncStream<Void> { newsboard.stream() }

  /// The centre's word on a row that is settled. What was stored and what was there already
  /// are not told apart any more.
  func verdict(kept id: EnvelopeID) async throws(StoreFault) -> Verdict? {
    try await file.read { database in
      let row = try Row.fetchOne(
        database,
        sql: """
          SELECT state, reason, correctable FROM settled
          WHERE row = (SELECT row FROM envelope WHERE id = ?)
          """, arguments: [id.bytes.blob])
      guard let row else { return nil }
      switch try row.value("state") as String {
      case "sent": return .stored
      case "refused":
        let correctable = Bool.fromDatabaseValue(row["correctable"]) ?? false
        return .refused(reason: try row.value("reason"), correctable: correctable)
      default: return nil
      }
    }
  }
}

extension Database {
  /// Whether this was the first word on the row.
  fileprivate func settle(_ id: EnvelopeID, _ verdict: Verdict, at time: Timestamp) throws -> Bool {
    let (state, reason, correctable): (String, String?, Bool?) =
      switch verdict {
      case .stored, .already: ("sent", nil, nil)
      case .refused(let reason, let correctable): ("refused", reason, correctable)
      }
    try cachedStatement(
      sql: """
        INSERT INTO settled (row, state, reason, correctable, settled_at)
        SELECT row, ?, ?, ?, ? FROM outbox WHERE row = (SELECT row FROM envelope WHERE id = ?)
        """
    ).execute(arguments: [state, reason, correctable, time.milliseconds, id.bytes.blob])
    return changesCount == 1
  }
}
