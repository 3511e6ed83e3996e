// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Wire

/// Takes envelopes in, one after the other, inside one transaction.
struct Intake {
  let database: Database
  let time: Timestamp
  /// When what is refused now must have been looked after.
  let due: Timestamp

  func circumstances(of arrival: Arrival) throws -> Circumstances {
    let envelope = arrival.envelope
    return Circumstances(
      first: try first(envelope.id),
      numberIsTheTerminals: try exists(
        """
        SELECT 1 FROM allotment JOIN enrolment ON enrolment.row = allotment.enrolment
        WHERE text = ? AND terminal = ? AND area = ?
        """,
        [envelope.number.allotment.text, arrival.header.terminal, envelope.number.area]),
      numberIsTaken: try exists(
        """
        SELECT 1 FROM envelope
        WHERE number = ? AND kind = 'application' AND belongs = 1 AND id != ?
        """,
        [envelope.number.description, envelope.id.bytes.blob]),
      matterIsWithdrawn: try exists(
        "SELECT 1 FROM withdrawn_matter WHERE matter = ?", [arrival.routing?.matter]),
      missing: try envelope.after.filter { id in
        try !exists("SELECT 1 FROM envelope WHERE id = ? AND belongs = 1", [id.bytes.blob])
      })
  }

  /// Carries the decision out. What the schema does not hold is refused in a form that it
  /// does hold, so that one envelope never costs the others of its batch.
  func settle(_ decision: Decision, on arrival: Arrival) throws -> Verdict {
    if let verdict = try unlessViolated({ try carryOut(decision, on: arrival) }) { return verdict }
    if try isStored(arrival) { return try carryOut(.already, on: arrival) }
    var bare = arrival
    bare.standing = .unreadable
    var reason = RefusalReason.unreadable
    if case .refuse(let judged) = decision, !judged.isOfTheNumbersTerminal { reason = judged }
    _ = try unlessViolated { try carryOut(.refuse(reason), on: bare) }
    // Where even that is not held the word is the same: these bytes would fail for ever.
    return .refused(reason: reason.rawValue, correctable: reason.correctable)
  }

  /// Nil, and nothing done, when a constraint was violated.
  private func unlessViolated(_ body: () throws -> Verdict) throws -> Verdict? {
    try database.cachedStatement(sql: "SAVEPOINT envelope").execute()
    var verdict: Verdict?
    do {
      verdict = try body()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      try database.cachedStatement(sql: "ROLLBACK TO envelope").execute()
    }
    try database.cachedStatement(sql: "RELEASE envelope").execute()
    return verdict
  }

  private func carryOut(_ decision: Decision, on arrival: Arrival) throws -> Verdict {
    switch decision {
    case .already:
      try countRepeat(of: arrival)
      return .already
    case .refuse(let reason):
      try refuse(arrival, reason)
      return .refused(reason: reason.rawValue, correctable: reason.correctable)
    case .store(let awaiting):
      try store(arrival, awaiting: awaiting)
      return .stored
    }
  }

  private func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try Int.fetchOne(database.cachedStatement(sql: sql), arguments: arguments) != nil
  }

  private func first(_ id: EnvelopeID) throws -> Circumstances.First? {
    let statement = try database.cachedStatement(
      sql: "SELECT digest, state FROM envelope WHERE id = ? AND belongs = 1")
    return try Row.fetchOne(statement, arguments: [id.bytes.blob]).map { row in
      Circumstances.First(digest: row.bytes("digest"), refused: row["state"] == "refused")
    }
  }

  private func isStored(_ arrival: Arrival) throws -> Bool {
    try exists(
      "SELECT 1 FROM envelope WHERE id = ? AND digest = ? AND state != 'refused'",
      [arrival.envelope.id.bytes.blob, arrival.digest.blob])
  }

  private func countRepeat(of arrival: Arrival) throws {
    try database.cachedStatement(
      sql: "UPDATE envelope SET deliveries = deliveries + 1 WHERE id = ? AND digest = ?"
    ).execute(arguments: [arrival.envelope.id.bytes.blob, arrival.digest.blob])
  }

  private func refuse(_ arrival: Arrival, _ reason: RefusalReason) throws {
    let earlier = try forgetRefusal(of: arrival)
    try insert(
      arrival, state: "refused", belongs: reason.keepsItsNumber, earlier: earlier,
      refusal: (reason, earlier?.due ?? due))
  }

  private func store(_ arrival: Arrival, awaiting: [EnvelopeID]) throws {
    try insert(
      arrival, state: "held", belongs: true, earlier: try forgetRefusal(of: arrival))
    let row = database.lastInsertedRowID
    for id in awaiting {
      try database.cachedStatement(sql: "INSERT OR IGNORE INTO awaited (id, row) VALUES (?, ?)")
        .execute(arguments: [id.bytes.blob, row])
    }
    if awaiting.isEmpty { try makeEffective(row) }
    try release(arrival.envelope.id)
  }

  /// Takes away an earlier refusal of the very same bytes: they are judged anew, but keep
  /// their place, and the debt its due time.
  private func forgetRefusal(of arrival: Arrival) throws -> EarlierRefusal? {
    let key: StatementArguments = [arrival.envelope.id.bytes.blob, arrival.digest.blob]
    let statement = try database.cachedStatement(
      sql: """
        SELECT row, received_at, due_at, deliveries FROM envelope
        WHERE id = ? AND digest = ? AND state = 'refused'
        """)
    guard let row = try Row.fetchOne(statement, arguments: key) else { return nil }
    let earlier = EarlierRefusal(row: row)
    try database.cachedStatement(sql: "DELETE FROM envelope WHERE row = ?")
      .execute(arguments: [earlier.row])
    return earlier
  }

  /// What waited for `id` waits no longer for it.
  private func release(_ id: EnvelopeID) throws {
    let waiting = try Int64.fetchAll(
      database.cachedStatement(sql: "SELECT row FROM awaited WHERE id = ?"),
      arguments: [id.bytes.blob])
    for row in waiting {
      try database.cachedStatement(sql: "DELETE FROM awaited WHERE id = ? AND row = ?")
        .execute(arguments: [id.bytes.blob, row])
      if try !exists("SELECT 1 FROM awaited WHERE row = ?", [row]) { try makeEffective(row) }
    }
  }

  private func makeEffective(_ row: Int64) throws {
    let statement = try database.cachedStatement(
      sql: "SELECT substr(number, 1, 6) FROM envelope WHERE row = ? AND kind = 'application'")
    let area = try String.fetchOne(statement, arguments: [row])
    try database.cachedStatement(
      sql: "UPDATE envelope SET state = 'effective', case_number = ? WHERE row = ?"
    ).execute(arguments: [try area.map(nextCaseNumber), row])
  }

  /// 办件编号: `320507-20261121-000001`, counted by area and day of receipt.
  private func nextCaseNumber(in area: String) throws -> String {
    let day = Day(time).digits
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO case_sequence (area, day, last) VALUES (?, ?, 1)
        ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last
        """)
    guard let sequence = try Int.fetchOne(statement, arguments: [area, day]) else {
      throw StoreFault.broken
    }
    return "\(area)-\(day)-\(Padded.decimal(sequence, width: 6))"
  }

  private func insert(
    _ arrival: Arrival, state: String, belongs: Bool, earlier: EarlierRefusal?,
    refusal: (RefusalReason, due: Timestamp)? = nil
  ) throws {
    let envelope = arrival.envelope
    let routing = arrival.routing
    try database.cachedStatement(
      sql: """
        INSERT INTO envelope (row, id, digest, number, kind, follows, terminal, state, belongs,
          received_at, deliveries, reason, owner, due_at, header, routing, content, signature,
          matter, matter_version, filed_at, time_quality, assurance, claim_hash, told, rating)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(
      arguments: [
        earlier?.row, envelope.id.bytes.blob, arrival.digest.blob, envelope.number.description,
        envelope.kind.rawValue, envelope.after.flatMap(\.bytes).blob, arrival.header.terminal, state,
        belongs, earlier?.receivedAt ?? time.milliseconds, (earlier?.deliveries ?? 0) + 1,
        refusal?.0.rawValue, refusal.map { _ in "clerk" }, refusal?.due.milliseconds, envelope.header.blob,
        envelope.routing.blob,
        envelope.content.blob, envelope.signature.blob, routing?.matter, routing?.matterVersion,
        routing?.time.at.milliseconds, routing?.time.quality.rawValue, routing?.assurance.rawValue,
        routing?.claimHash, routing?.told?.rawValue, routing?.rating,
      ])
  }
}

/// What stays of a refusal when the same bytes come again.
private struct EarlierRefusal {
  let row: Int64
  let receivedAt: Int64
  let due: Timestamp
  let deliveries: Int

  init(row: Row) {
    self.row = row["row"]
    receivedAt = row["received_at"]
    due = Timestamp(milliseconds: row["due_at"])
    deliveries = row["deliveries"]
  }
}
