// SPDX-License-Identifier: Apache-2.0

/// What a resident identity card says of its holder (GA/T 490). Kept in memory for one
/// visit, sealed into her filing, written nowhere else.
public struct Resident: Hashable, Sendable, Codable {
  public var name: String
  public var sex: String
  /// The card's two-digit code (GB/T 3304), "01" … "56", "97", "98".
  public var ethnicity: String
  public var birth: String
  public var address: String
  public var idNumber: String
  public var issuer: String
  public var validFrom: String
  /// `YYYYMMDD` or 长期.
  public var validTo: String

  public init(
    name: String, sex: String, ethnicity: String, birth: String, address: String,
    idNumber: String, issuer: String, validFrom: String, validTo: String
  ) {
    self.name = name
    self.sex = sex
    self.ethnicity = ethnicity
    self.birth = birth
    self.address = address
    self.idNumber = idNumber
    self.issuer = issuer
    self.validFrom = validFrom
    self.validTo = validTo
  }
}

/// What may be shown of a personal value on a public screen or paper.
public enum Masked {
  /// `王*`, whatever the length of the name.
  public static func name(_ name: String) -> String {
    name.first.map { "\($0)*" } ?? ""
  }

  /// The last four characters.
  public static func tail(_ value: String) -> String { String(value.suffix(4)) }

  /// `3205**********021X`-like: the first `head` and last `tail` characters.
  public static func middle(_ value: String, head: Int, tail: Int) -> String {
    guard value.count > head + tail else { return String(repeating: "*", count: value.count) }
    let stars = String(repeating: "*", count: value.count - head - tail)
    return value.prefix(head) + stars + value.suffix(tail)
  }

  /// The first six characters of an address (a district), then stars.
  public static func address(_ value: String) -> String {
    value.count <= 6 ? value : value.prefix(6) + "****"
  }
}
