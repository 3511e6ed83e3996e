// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// A filing's own floor: seals an application, then appends exactly the envelope's bytes and
/// syncs them, with nothing kept that could be found again.
struct SealedFloor: Sendable {
  let folder: BenchFolder
  let terminal: SampleTerminal

  func laps(_ count: Int, round: Int) async throws -> Laps {
    let terminal = terminal
    return try await AppendFloor(folder: folder).laps(count, round: round) { index in
      let reservation = try terminal.reserve(index + 1)
      let envelope = try terminal.sealer.seal(
        SampleFiling.submission(reservation, chance: SystemChance()))
      return envelope.header + envelope.routing + envelope.content + envelope.signature
    }
  }
}

extension SampleTerminal {
  /// A number and an id as the ledger would give them, of today.
  func reserve(_ sequence: Int) throws -> Reservation {
    let time = BenchClock().now()
    let number = CaseNumber(
      area: Self.area, allotment: identity.allotment, day: Day(time.at), sequence: sequence)
    guard let number else { throw BenchFault("no number") }
    let id = EnvelopeID(milliseconds: time.at.milliseconds, chance: SystemChance().bytes(10))
    return Reservation(id: id, number: number, time: time)
  }
}
