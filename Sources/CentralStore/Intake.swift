// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records

/// Takes envelopes in, one after the other, inside one transaction.
struct Intake {
  let database: Database
  let time: Timestamp
  /// When what is refused now must have been looked after.
  let due: Timestamp
  let bound: UnsignedBound
  /// Whether each envelope stands in a savepoint. Without, one that violates the schema throws
  /// `Violated`, and the transaction must be undone and tried again with them.
  let keepsApart: Bool

  struct Violated: Error {}

  func take(
    _ arrival: Prepared, giver: Givers.Giver?,
    judge: (Arrival, Circumstances) -> Decision
  ) throws -> Verdict {
    let known = try Known(of: arrival, giver: giver, in: database)
    return try settle(judge(arrival.arrival, known.circumstances), on: arrival, known)
  }

  /// Carries the decision out. What the schema does not hold is refused in a form that it
  /// does hold, so that one envelope never costs the others of its batch.
  private func settle(
    _ decision: Decision, on arrival: Prepared, _ known: Known
  ) throws -> Verdict {
    let decision = known.isStored ? .already : decision
    if let verdict = try unlessViolated({ try carryOut(decision, on: arrival, known) }) {
      return verdict
    }
    var reason = RefusalReason.unreadable
    if case .refuse(let judged) = decision, !judged.isOfTheNumbersTerminal { reason = judged }
    _ = try unlessViolated { try refuse(arrival.bare(), reason, known) }
    // Where even that is not held the word is the same: these bytes would fail for ever.
    return .refused(reason: reason.rawValue, correctable: reason.correctable)
  }

  /// Nil, and nothing done, when a constraint was violated.
  private func unlessViolated(_ body: () throws -> Verdict) throws -> Verdict? {
    guard keepsApart else {
      do {
        return try body()
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
        throw Violated()
      }
    }
    try database.run("SAVEPOINT envelope")
    var verdict: Verdict?
    do {
      verdict = try body()
    } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
      try database.run("ROLLBACK TO envelope")
    }
    try database.run("RELEASE envelope")
    return verdict
  }

  private func carryOut(
    _ decision: Decision, on arrival: Prepared, _ known: Known
  ) throws -> Verdict {
    switch decision {
    case .already:
      try countRepeat(of: arrival)
      return .already
    case .refuse(let reason): return try refuse(arrival, reason, known)
    case .store(let awaiting):
      if let objection = known.objection(to: arrival) { return try refuse(arrival, objection, known) }
      try store(arrival, awaiting: awaiting, known)
      return .stored
    }
  }

  private func countRepeat(of arrival: Prepared) throws {
    try database.run(
      "UPDATE envelope SET deliveries = deliveries + 1 WHERE id = ? AND digest = ? AND belongs = 1",
      [arrival.id, arrival.digest])
    guard database.changesCount == 0 else { return }
    try database.run(
      """
      UPDATE envelope SET deliveries = deliveries + 1
      WHERE id = ? AND digest = ? AND state = 'refused'
      """, [arrival.id, arrival.digest])
  }

  private func refuse(
    _ arrival: Prepared, _ reason: RefusalReason, _ known: Known
  ) throws -> Verdict {
    let verdict = Verdict.refused(reason: reason.rawValue, correctable: reason.correctable)
    let earlier = known.isRefused ? try EarlierRefusal(of: arrival, in: database) : nil
    if let earlier, earlier.reason == reason || earlier.reason.weight > reason.weight {
      try countRepeat(of: arrival)
      return verdict
    }
    try earlier?.forget(in: database)
    // What somebody settled as nobody's may turn out to be owed to a person: then anew.
    let isReopened = earlier.map { $0.settledAt != nil && $0.reason.weight < reason.weight } ?? false
    var entry = Entry(arrival, at: time, earlier: isReopened ? earlier?.unsettled() : earlier)
    if reason.isUnsigned {
      entry.hopeful = known.mayBeAnApplication(arrival)
      let room = UnsignedRoom(database: database, bound: bound)
      guard try room.make(for: arrival, hopeful: entry.hopeful == true) else { return verdict }
    }
    entry.refusal = (reason, isReopened ? due : earlier?.due ?? due)
    entry.belongs = reason.keepsItsNumber && !known.isTaken
    try entry.insert(into: database)
    if entry.belongs { try Release(intake: self).after(arrival) }
    return verdict
  }

  private func store(_ arrival: Prepared, awaiting: [EnvelopeID], _ known: Known) throws {
    let earlier = known.isRefused ? try EarlierRefusal(of: arrival, in: database) : nil
    try earlier?.forget(in: database)
    let awaiting = Set(awaiting).subtracting([arrival.envelope.id])
    let isHeld = !awaiting.isEmpty || arrival.isAboutAnother && known.first == .missing
    var entry = Entry(arrival, at: time, earlier: earlier)
    entry.belongs = true
    entry.isEffective = !isHeld
    if !isHeld, arrival.kind == .application {
      entry.caseStem = caseStem(in: arrival.envelope.number.area)
    }
    let row = try entry.insert(into: database)
    for id in awaiting {
      try database.run("INSERT INTO awaited (id, row) VALUES (?, ?)", [id.bytes.blob, row])
    }
    if known.isAwaited { try Release(intake: self).after(arrival) }
  }

  /// Of a 办件编号, which is counted by area and day of receipt: `320507-20261121-`, see
  /// `CentreSchema.nextCaseNumber`.
  func caseStem(in area: String) -> String { "\(area)-\(Day(time).digits)-" }
}
