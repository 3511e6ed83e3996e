// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@Suite struct DayTests {
  @Test(
    "known days stand at their count from 1970",
    arguments: [
      ("19700101", 0, 4), ("19691231", -1, 3), ("20000229", 11_016, 2), ("20000301", 11_017, 3),
      ("19000228", -25_509, 3), ("19000301", -25_508, 4), ("20261121", 20_778, 6),
      ("20380119", 24_855, 2), ("19491231", -7_306, 6), ("99991231", 2_932_896, 5),
    ])
  func known(digits: String, count: Int64, weekday: Int) throws {
    let day = try #require(Day(digits: digits))
    #expect(day.daysSince1970 == count)
    #expect(Day(daysSince1970: count) == day)
    #expect(day.weekday == weekday)
    #expect(day.digits == digits)
  }

  @Test("every day of two hundred years comes back from its count, one after the other")
  func roundTrips() {
    var day = Day(year: 1900, month: 1, day: 1)
    let first = day.daysSince1970
    for count in first..<(first + 73_414) {
      let next = Day(daysSince1970: count)
      guard next.daysSince1970 == count, count == first || day < next else {
        Issue.record("\(next.digits) does not come back")
        return
      }
      day = next
    }
    #expect(day.digits == "21001231")
  }

  @Test(
    "digits that name no day are refused",
    arguments: [
      "20260229", "20261301", "20260100", "20260132", "2026111", "202611211", "2026-1-1", "２０２６１１２１",
      "19000229", "+2026111",
    ])
  func unreal(digits: String) {
    #expect(Day(digits: digits) == nil)
  }

  @Test("days are added over the ends of months and years")
  func adding() {
    let day = Day(year: 2026, month: 12, day: 31)
    #expect(day.adding(days: 1) == Day(year: 2027, month: 1, day: 1))
    #expect(day.adding(days: -365) == Day(year: 2025, month: 12, day: 31))
    #expect(day.dashed == "2026-12-31")
  }
}

@Suite struct LocalTimeTests {
  @Test("the local day begins eight hours before that of Greenwich")
  func localDay() {
    let beforeMidnight = Timestamp(milliseconds: 1_795_276_799_999)
    let midnight = Timestamp(milliseconds: 1_795_276_800_000)
    #expect(Day(beforeMidnight).digits == "20261121")
    #expect(LocalTime.clock(beforeMidnight) == "23:59")
    #expect(Day(midnight).digits == "20261122")
    #expect(LocalTime.dayAndClock(midnight) == "2026-11-22 00:00")
  }

  @Test("times before 1970 are local days too")
  func beforeTheEpoch() {
    let time = Timestamp(milliseconds: -8 * 3_600_000 - 1)
    #expect(LocalTime.dayAndClock(time) == "1969-12-31 23:59")
    #expect(LocalTime.dayAndClock(Timestamp(milliseconds: 0)) == "1970-01-01 08:00")
    #expect(LocalTime.dayAndClock(time.advanced(bySeconds: 1)) == "1970-01-01 00:00")
  }

  @Test("numbers are padded, never cut")
  func padded() {
    #expect(Padded.decimal(7, width: 3) == "007")
    #expect(Padded.decimal(12_345, width: 3) == "12345")
  }
}
