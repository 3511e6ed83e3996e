// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Upkeep

@Suite struct TimeKeepingTests {
  private let floor = Day(year: 2026, month: 11, day: 1)
  private let noon = Timestamp(milliseconds: 1_795_234_800_000)
  private let hour: Int64 = 3_600_000

  private func reading(_ kernel: Timestamp, disciplined: Bool = false, boot: Int64) -> ClockReading {
    ClockReading(kernel: kernel, isDisciplined: disciplined, boot: boot)
  }

  @Test func signedTimeGoesOnWithTheBootClockWhateverTheKernelShows() {
    let witness = TimeWitness(at: noon, boot: 5000)
    let now = reading(Timestamp(milliseconds: 0), boot: 5000 + hour).time(witness: witness, floor: floor)
    #expect(now == QualifiedTime(at: noon.advanced(bySeconds: 3600), quality: .synchronised))
  }

  @Test func signedTimeIsBelievedForADayAndNoLonger() {
    let witness = TimeWitness(at: noon, boot: 5000)
    let last = reading(noon, boot: 5000 + 24 * hour - 1)
    #expect(last.time(witness: witness, floor: floor).quality == .synchronised)
    let later = reading(noon, boot: 5000 + 24 * hour)
    #expect(later.time(witness: witness, floor: floor) == QualifiedTime(at: noon, quality: .running))
  }

  @Test func aWitnessOfAnotherBootIsNoWitness() {
    let witness = TimeWitness(at: noon, boot: 5000)
    #expect(reading(noon, boot: 4999).time(witness: witness, floor: floor).quality == .running)
  }

  @Test func aKernelAt1970IsUnknownEvenWhenItCallsItselfDisciplined() {
    let start = Timestamp(milliseconds: 60_000)
    let now = reading(start, disciplined: true, boot: 1).time(witness: nil, floor: floor)
    #expect(now == QualifiedTime(at: start, quality: .unknown))
  }

  @Test func aDisciplinedKernelVouchesForItself() {
    let now = reading(noon, disciplined: true, boot: 1).time(witness: nil, floor: floor)
    #expect(now == QualifiedTime(at: noon, quality: .synchronised))
  }

  @Test func signedTimeFromBeforeTheFloorIsNotBelieved() {
    let witness = TimeWitness(at: Timestamp(milliseconds: 60_000), boot: 0)
    #expect(reading(noon, boot: 1).time(witness: witness, floor: floor).at == noon)
  }

  @Test func theErrorOfTheKernelsClockHasNoSign() {
    let witness = TimeWitness(at: noon, boot: 0)
    #expect(reading(noon, boot: 2500).error(against: witness) == 2500)
    #expect(reading(noon.advanced(bySeconds: 5), boot: 2500).error(against: witness) == 2500)
    #expect(reading(noon, boot: 25 * hour).error(against: witness) == nil)
  }
}
