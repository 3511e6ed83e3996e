// SPDX-License-Identifier: Apache-2.0

import Glibc
import Records
import Storage
import Wire

/// A ledger in a folder of the bench, with all that it takes to file.
struct BenchLedger: Sendable {
  let ledger: Ledger
  let terminal: SampleTerminal
  let clock: BenchClock
  private let chance = SystemChance()

  static func open(
    in folder: BenchFolder, terminal: SampleTerminal, clock: BenchClock = BenchClock()
  ) async throws -> BenchLedger {
    let numbering = Numbering(
      area: SampleTerminal.area, allotment: terminal.identity.allotment, spares: [],
      floor: Day(year: 2026, month: 1, day: 1))
    let ledger = try await Ledger.open(
      path: folder.file("ledger"), record: folder.file("allotments"), numbering: numbering, clock: clock,
      chance: SystemChance(), outcomeUnknown: { _exit(70) })
    return BenchLedger(ledger: ledger, terminal: terminal, clock: clock)
  }

  func seal(_ reservation: Reservation, matter: String = SampleTerminal.matter) throws -> Envelope {
    try terminal.sealer.seal(
      SampleFiling.submission(reservation, matter: matter, chance: chance))
  }

  func slip() -> SlipJob { SlipJob(chance: chance.bytes(16)) }

  /// One application, all layers.
  @discardableResult
  func file(matter: String = SampleTerminal.matter) async throws -> Filed {
    let reservation = try await ledger.reserve()
    return try await ledger.file(try seal(reservation, matter: matter), slip: slip())
  }

  /// `count` rows as fast as it goes: one sealed application, its id and number changed. For
  /// filling only; the ledger does not open what it keeps.
  func fill(_ count: Int) async throws {
    let sample = try seal(try await ledger.reserve())
    let writers = 64
    var left = count
    while left > 0 {
      // A day has 99,999 numbers.
      let now = min(left, 60_000)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<writers {
          let share = now / writers + (writer < now % writers ? 1 : 0)
          group.addTask { try await file(copies: share, of: sample) }
        }
        try await group.waitForAll()
      }
      left -= now
      clock.nextDay()
    }
  }

  /// Files `sample` under new ids and numbers.
  func file(copies: Int, of sample: Envelope) async throws {
    for _ in 0..<copies {
      let reservation = try await ledger.reserve()
      var copy = sample
      copy.id = reservation.id
      copy.number = reservation.number
      _ = try await ledger.file(copy, slip: slip())
    }
  }
}
