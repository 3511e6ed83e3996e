// SPDX-License-Identifier: Apache-2.0

import Records

/// Reads the text of a resident identity card (GA/T 490): 256 bytes of UTF-16LE in fields
/// of fixed place, padded with spaces.
public enum ResidentCard {
  /// The text block out of the data of a read: length of text and of photo, then both.
  public static func textBlock(ofRead data: [UInt8]) throws(CardFault) -> [UInt8] {
    guard data.count >= 4 else { throw .length }
    let text = Int(data[0]) << 8 | Int(data[1])
    let photo = Int(data[2]) << 8 | Int(data[3])
    guard text == size, data.count == 4 + text + photo else { throw .length }
    return Array(data[4..<4 + text])
  }

  /// The holder of the card with this text block. Every field is exactly what the card
  /// says, or there is no holder at all.
  public static func decode(_ block: [UInt8]) throws(CardFault) -> Resident {
    guard block.count == size else { throw .length }
    try checkKind(block)
    let resident = Resident(
      name: try text(.name, block), sex: try text(.sex, block),
      ethnicity: try text(.ethnicity, block), birth: try text(.birth, block),
      address: try text(.address, block), idNumber: try text(.idNumber, block).uppercased(),
      issuer: try text(.issuer, block), validFrom: try text(.validFrom, block),
      validTo: try text(.validTo, block))
    try check(resident)
    return resident
  }

  /// The holder out of the data of a read and of the reading of the newest address, if the
  /// card has one: it takes the place of the address in the text block.
  public static func resident(
    ofRead data: [UInt8], newestAddress: [UInt8]?
  ) throws(CardFault) -> Resident {
    var resident = try decode(try textBlock(ofRead: data))
    guard let newestAddress else { return resident }
    guard newestAddress.count == CardField.address.place.count else { throw .length }
    let address = try text(.address, newestAddress, at: newestAddress.indices)
    if !address.isEmpty { resident.address = address }
    return resident
  }

  private static let size = 256
  private static let kindOffset = 248

  private static func checkKind(_ block: [UInt8]) throws(CardFault) {
    let unit = UInt16(block[kindOffset]) | UInt16(block[kindOffset + 1]) << 8
    // Resident cards have a space here.
    guard unit != 0x20, unit != 0 else { return }
    throw .kind(CardKind(letter: unit))
  }

  private static func text(_ field: CardField, _ block: [UInt8]) throws(CardFault) -> String {
    try text(field, block, at: field.place)
  }

  private static func text(
    _ field: CardField, _ block: [UInt8], at place: Range<Int>
  ) throws(CardFault) -> String {
    let units = stride(from: place.lowerBound, to: place.upperBound, by: 2).map {
      UInt16(block[$0]) | UInt16(block[$0 + 1]) << 8
    }
    let padding: (UInt16) -> Bool = { $0 == 0x20 || $0 == 0 }
    let start = units.firstIndex { !padding($0) } ?? units.endIndex
    let end = units.lastIndex { !padding($0) }.map { $0 + 1 } ?? start
    guard let text = String(validating: units[start..<end], as: UTF16.self) else {
      throw .text(field)
    }
    guard text.unicodeScalars.allSatisfy(isWritable) else { throw .text(field) }
    return text
  }

  /// No controls, no invisible marks that turn the direction of writing, no noncharacters.
  /// Private-use characters stay: older cards use them for rare names.
  private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }
}

extension ResidentCard {
  private static func check(_ resident: Resident) throws(CardFault) {
    guard !resident.name.isEmpty else { throw .value(.name) }
    guard ["0", "1", "2", "9"].contains(resident.sex) else { throw .value(.sex) }
    guard isEthnicity(resident.ethnicity ?? "") else { throw .value(.ethnicity) }
    guard isDate(resident.birth) else { throw .value(.birth) }
    guard isIDNumber(resident.idNumber) else { throw .value(.idNumber) }
    guard isDate(resident.validFrom) else { throw .value(.validFrom) }
    guard resident.validTo == "长期" || isDate(resident.validTo) else { throw .value(.validTo) }
  }

  /// "01" … "56", "97" and "98" (GB/T 3304).
  private static func isEthnicity(_ code: String) -> Bool {
    guard let digits = digits(code), digits.count == 2 else { return false }
    let number = digits[0] * 10 + digits[1]
    return (1...56).contains(number) || number == 97 || number == 98
  }

  private static func isDate(_ text: String) -> Bool {
    guard let digits = digits(text), digits.count == 8 else { return false }
    let year = digits[..<4].reduce(0) { $0 * 10 + $1 }
    let month = digits[4] * 10 + digits[5]
    let day = digits[6] * 10 + digits[7]
    guard (1...12).contains(month) else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  /// Eighteen characters whose last is right (GB 11643, ISO 7064 MOD 11-2). Area codes
  /// are not judged: new ones appear.
  private static func isIDNumber(_ text: String) -> Bool {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    guard let digits = digits(String(text.dropLast())), digits.count == weights.count else {
      return false
    }
    let sum = zip(weights, digits).reduce(0) { $0 + $1.0 * $1.1 }
    return text.utf8.last == Array("10X98765432".utf8)[sum % 11]
  }

  private static func digits(_ text: String) -> [Int]? {
    guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return text.utf8.map { Int($0) - 48 }
  }
}
