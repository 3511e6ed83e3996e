// SPDX-License-Identifier: Apache-2.0

/// What an answer must satisfy. Every key that a catalogue may write is here.
public struct Validation: Hashable, Sendable, Codable {
  public var min: Bound?
  public var max: Bound?
  /// The answer is a whole multiple of it.
  public var step: Double?
  /// In characters (Unicode scalars).
  public var length: Int?
  public var minLength: Int?
  public var maxLength: Int?
  /// In the small grammar of `Pattern`.
  public var pattern: String?
  public var checksum: Checksum?
  public var mustBe: Bool?
  /// The answer is not before (or is after) the answer to another field.
  public var gteField: String?
  public var gtField: String?
  /// `3y`: most years between that field and this one.
  public var maxSpan: String?
  public var minItems: Int?
  public var maxItems: Int?
  public var sumField: String?
  public var sumEquals: Double?
  /// Years of age of the bearer of an id number.
  public var ageMin: Int?
  public var ageMax: Int?
  /// How fine a region must be chosen.
  public var level: String?
  public var minPoints: Int?

  public enum Checksum: String, Hashable, Sendable, Codable { case gb11643, gb32100, luhn }

  enum CodingKeys: String, CodingKey {
    case min, max, step, length, pattern, checksum, level
    case minLength = "min_length"
    case maxLength = "max_length"
    case mustBe = "must_be"
    case gteField = "gte_field"
    case gtField = "gt_field"
    case maxSpan = "max_span"
    case minItems = "min_items"
    case maxItems = "max_items"
    case sumField = "sum_field"
    case sumEquals = "sum_equals"
    case ageMin = "age_min"
    case ageMax = "age_max"
    case minPoints = "min_points"
  }
}

/// The end of a range: a number, `today`, `today+180d`, `today-30d` or `this_year`.
public enum Bound: Hashable, Sendable, Codable {
  case number(Double)
  case today(offset: Int)
  case thisYear

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
      return
    }
    guard let bound = Bound(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container,
        debugDescription: "must be a number, \"this_year\", \"today\" or \"today±Nd\"")
    }
    self = bound
  }

  init?(_ text: String) {
    switch text {
    case "this_year": self = .thisYear
    case "today": self = .today(offset: 0)
    default:
      let tail = text.dropFirst(5)
      guard text.hasPrefix("today"), text.hasSuffix("d"), let sign = tail.first,
        sign == "+" || sign == "-", let days = Int(tail.dropFirst().dropLast()),
        (0...36_525).contains(days)
      else { return nil }
      self = .today(offset: sign == "-" ? -days : days)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .thisYear: try container.encode("this_year")
    case .today(0): try container.encode("today")
    case .today(let days): try container.encode("today\(days < 0 ? "-" : "+")\(abs(days))d")
    }
  }
}
