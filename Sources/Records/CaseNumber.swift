// SPDX-License-Identifier: Apache-2.0

/// 申报流水号: the 24 characters a resident holds.
///
/// Area 6 + allotment 4 + day 8 + sequence 5 + check 1, printed 6-4-8-5-1. The check
/// character is ISO/IEC 7064 MOD 37,36 over the first 23: it finds every wrong character
/// and every swap of neighbours.
public struct CaseNumber: Hashable, Sendable, Codable, CustomStringConvertible {
  public let area: String
  public let allotment: Allotment
  public let day: Day
  public let sequence: Int

  /// Nil unless `area` is six digits and `sequence` is within 1…99,999.
  public init?(area: String, allotment: Allotment, day: Day, sequence: Int) {
    guard area.utf8.count == 6, area.utf8.allSatisfy({ (48...57).contains($0) }),
      (1...99_999).contains(sequence), (1000...9999).contains(day.year)
    else { return nil }
    self.area = area
    self.allotment = allotment
    self.day = day
    self.sequence = sequence
  }

  /// Reads a number as a person gives it: hyphens, spaces and small letters are forgiven.
  /// Nil when it is not well formed or the check character does not hold.
  public init?(_ text: some StringProtocol) {
    let plain = text.uppercased().filter { $0 != "-" && $0 != " " }
    let characters = Array(plain.utf8)
    guard characters.count == 24, let check = CheckCharacter.of(characters.dropLast()),
      check == characters.last,
      let allotment = Allotment(String(plain.dropFirst(6).prefix(4))),
      let day = Day(digits: plain.dropFirst(10).prefix(8)),
      characters[18..<23].allSatisfy({ (48...57).contains($0) }),
      let sequence = Int(plain.dropFirst(18).prefix(5))
    else { return nil }
    self.init(
      area: String(plain.prefix(6)), allotment: allotment, day: day, sequence: sequence)
  }

  /// The 24 characters.
  public var description: String {
    var text: [UInt8] = []
    text.reserveCapacity(24)
    text.append(contentsOf: area.utf8)
    text.append(contentsOf: allotment.text.utf8)
    text.append(contentsOf: day.digits.utf8)
    text.append(contentsOf: Padded.decimal(sequence, width: 5).utf8)
    guard let check = CheckCharacter.of(text) else {
      preconditionFailure("a case number holds digits and capital letters only")
    }
    text.append(check)
    return String(decoding: text, as: UTF8.self)
  }

  /// As printed: 6-4-8-5-1.
  public var groups: [String] {
    let plain = Array(description)
    return [plain[0..<6], plain[6..<10], plain[10..<18], plain[18..<23], plain[23..<24]]
      .map { String($0) }
  }

  public var grouped: String { groups.joined(separator: "-") }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let number = CaseNumber(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a case number")
    }
    self = number
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

/// A terminal's block of numbers: four characters of base 36, never given out twice.
public struct Allotment: Hashable, Sendable, Codable {
  public let text: String

  public init?(_ text: String) {
    guard text.utf8.count == 4, text.utf8.allSatisfy({ CheckCharacter.value($0) != nil }) else {
      return nil
    }
    self.text = text
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let allotment = Allotment(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an allotment")
    }
    self = allotment
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

/// ISO/IEC 7064, hybrid system MOD 37,36, alphabet 0-9 A-Z.
public enum CheckCharacter {
  static func value(_ character: UInt8) -> Int? {
    switch character {
    case 48...57: Int(character) - 48
    case 65...90: Int(character) - 55
    default: nil
    }
  }

  /// The check character of `body`; nil when a character is not of the alphabet.
  public static func of(_ body: some Sequence<UInt8>) -> UInt8? {
    var product = 36
    for character in body {
      guard let value = value(character) else { return nil }
      let sum = (product + value) % 36
      product = (sum == 0 ? 36 : sum) * 2 % 37
    }
    let check = (37 - product) % 36
    return UInt8(check < 10 ? check + 48 : check + 55)
  }
}

/// 查询码: eight characters of Crockford's base 32, printed 4-4. Guards a number against
/// being walked through; on paper and inside the seal, never in clear in the ledger.
public struct ClaimCode: Hashable, Sendable, Codable {
  static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
  public let text: String

  /// From five bytes of chance (40 bits).
  public init(chance: [UInt8]) {
    precondition(chance.count == 5, "a claim code takes five bytes of chance")
    let bits = chance.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    text = String((0..<8).map { Self.alphabet[Int(bits >> (35 - 5 * UInt64($0)) & 31)] })
  }

  /// Reads a code as a person gives it: O is 0, I and L are 1, hyphens and spaces go.
  public init?(_ given: some StringProtocol) {
    let folded = given.uppercased().compactMap { character -> Character? in
      switch character {
      case "-", " ": nil
      case "O": "0"
      case "I", "L": "1"
      default: character
      }
    }
    guard folded.count == 8, folded.allSatisfy({ Self.alphabet.contains($0) }) else { return nil }
    text = String(folded)
  }

  public var grouped: String { text.prefix(4) + "-" + text.suffix(4) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let code = ClaimCode(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a claim code")
    }
    self = code
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
