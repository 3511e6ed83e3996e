// SPDX-License-Identifier: Apache-2.0

/// A moment, in whole milliseconds since 1970-01-01 00:00 UTC.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.milliseconds < right.milliseconds
  }

  public func advanced(bySeconds seconds: Int64) -> Timestamp {
    Timestamp(milliseconds: milliseconds + seconds * 1000)
  }
}

/// How far a clock can be believed. Printed on paper, sealed with each filing.
public enum TimeQuality: String, Hashable, Sendable, Codable {
  /// The kernel says its clock is disciplined by a time source.
  case synchronised
  /// Plausible (not before the newest date this terminal knows), but nobody vouches for it.
  case running
  /// Before a date that has certainly passed: the clock is wrong.
  case unknown
}

public struct QualifiedTime: Hashable, Sendable, Codable {
  public var at: Timestamp
  public var quality: TimeQuality

  public init(at: Timestamp, quality: TimeQuality) {
    self.at = at
    self.quality = quality
  }
}

/// The clock on the wall, handed in by the executables; nothing else reads it.
public protocol WallTime: Sendable {
  func now() -> QualifiedTime
}

/// A calendar day in China Standard Time (UTC+8; no summer time since 1991).
public struct Day: Hashable, Comparable, Sendable, Codable {
  public var year: Int
  public var month: Int
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The local day that holds `time`.
  public init(_ time: Timestamp) {
    self.init(daysSince1970: LocalTime.seconds(time).floorDivided(by: 86_400))
  }

  /// Eight digits, `20261121`; nil unless they name a real day.
  public init?(digits: some StringProtocol) {
    guard digits.utf8.count == 8, digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(digits)
    else { return nil }
    let candidate = Day(year: number / 10_000, month: number / 100 % 100, day: number % 100)
    guard Day(daysSince1970: candidate.daysSince1970) == candidate else { return nil }
    self = candidate
  }

  /// Proleptic Gregorian calendar, by counting in eras of 400 years.
  public init(daysSince1970: Int64) {
    let shifted = daysSince1970 + 719_468
    let era = shifted.floorDivided(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    month = Int(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }

  public var daysSince1970: Int64 {
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let era = shiftedYear.floorDivided(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let monthFromMarch = Int64(month > 2 ? month - 3 : month + 9)
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + Int64(day) - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// 0 Sunday … 6 Saturday.
  public var weekday: Int { Int((daysSince1970 + 4).floorRemainder(by: 7)) }

  public func adding(days: Int) -> Day { Day(daysSince1970: daysSince1970 + Int64(days)) }

  public var digits: String {
    Padded.decimal(year, width: 4) + Padded.decimal(month, width: 2) + Padded.decimal(day, width: 2)
  }

  /// `2026-11-21`
  public var dashed: String {
    [Padded.decimal(year, width: 4), Padded.decimal(month, width: 2), Padded.decimal(day, width: 2)]
      .joined(separator: "-")
  }

  public static func < (left: Day, right: Day) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

/// Local time of day, in China Standard Time.
public enum LocalTime {
  public static let offsetSeconds: Int64 = 8 * 3600

  static func seconds(_ time: Timestamp) -> Int64 {
    time.milliseconds.floorDivided(by: 1000) + offsetSeconds
  }

  /// `03:12`
  public static func clock(_ time: Timestamp) -> String {
    let ofDay = seconds(time).floorRemainder(by: 86_400)
    return Padded.decimal(Int(ofDay / 3600), width: 2) + ":"
      + Padded.decimal(Int(ofDay / 60 % 60), width: 2)
  }

  /// `2026-11-21 03:12`
  public static func dayAndClock(_ time: Timestamp) -> String {
    Day(time).dashed + " " + clock(time)
  }
}

public enum Padded {
  /// `value` in decimal, with zeros in front up to `width`; longer numbers are kept whole.
  public static func decimal(_ value: Int, width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

extension Int64 {
  func floorDivided(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }

  func floorRemainder(by divisor: Int64) -> Int64 {
    self - floorDivided(by: divisor) * divisor
  }
}
