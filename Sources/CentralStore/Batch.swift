// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Synchronization

/// Envelopes that are taken in together, in one transaction.
///
/// Hardly any violates the schema once it was judged, and a savepoint for each is dear: so the first
/// try goes without, and only after a violation is all undone and tried again with them.
final class Batch: Sendable {
  private let arrivals: [Prepared]
  private let time: Timestamp
  private let due: Timestamp
  private let bound: UnsignedBound
  private let givers: [String: Givers.Giver]
  private let judge: @Sendable (Arrival, Circumstances) -> Decision
  private let violated = Atomic(false)

  init(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp, bound: UnsignedBound, givers: Givers,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) {
    self.arrivals = arrivals.map { Prepared($0) }
    self.time = time
    self.due = due
    self.bound = bound
    self.givers = givers.known(of: self.arrivals)
    self.judge = judge
  }

  /// Whether a try failed for a violation; the next one keeps the envelopes apart.
  var isViolated: Bool { violated.load(ordering: .relaxed) }

  /// The verdicts in order, and who got the blocks of numbers that were seen.
  func take(into database: Database) throws -> ([Verdict], [String: Givers.Giver]) {
    let intake = Intake(
      database: database, time: time, due: due, bound: bound, keepsApart: isViolated)
    var givers = givers
    do {
      let verdicts = try arrivals.map { arrival in
        let allotment = arrival.envelope.number.allotment
        let giver = try givers[allotment.text] ?? Givers.find(allotment, in: database)
        givers[allotment.text] = giver
        return try intake.take(arrival, giver: giver, judge: judge)
      }
      return (verdicts, givers)
    } catch let fault as Intake.Violated {
      violated.store(true, ordering: .relaxed)
      throw fault
    }
  }
}
