// SPDX-License-Identifier: Apache-2.0

import Records

extension CardText {
  /// The holder. Every field is exactly what the card says, or there is no holder at all.
  public func resident() throws(CardFault) -> Resident {
    guard let document else { throw .kind }
    let english = try optional(.nameEnglish)
    let name = try optional(.name) ?? english
    guard let name else { throw .value(.name) }
    let resident = Resident(
      document: document, name: name, nameEnglish: english, sex: try text(.sex),
      nationality: try optional(.nationality), ethnicity: try optional(.ethnicity),
      birth: try text(.birth), address: try optional(.address),
      idNumber: try text(.idNumber).uppercased(), issuer: try optional(.issuer),
      validFrom: try text(.validFrom), validTo: try text(.validTo),
      passNumber: try optional(.passNumber), issueCount: try optional(.issueCount))
    try Self.check(resident)
    return resident
  }

  private func optional(_ field: CardField) throws(CardFault) -> String? {
    let text = try text(field)
    return text.isEmpty ? nil : text
  }

  private static func check(_ resident: Resident) throws(CardFault) {
    guard ["0", "1", "2", "9"].contains(resident.sex) else { throw .value(.sex) }
    guard isDate(resident.birth) else { throw .value(.birth) }
    guard isDate(resident.validFrom) else { throw .value(.validFrom) }
    guard resident.validTo == "长期" || isDate(resident.validTo) else { throw .value(.validTo) }
    switch resident.document {
    case .residentCard:
      guard isIDNumber(resident.idNumber) else { throw .value(.idNumber) }
      guard isEthnicity(resident.ethnicity ?? "") else { throw .value(.ethnicity) }
    case .residencePermit:
      guard isIDNumber(resident.idNumber) else { throw .value(.idNumber) }
    case .permanentResidence2017:
      guard isNumberOf2017(resident.idNumber) else { throw .value(.idNumber) }
      guard isCountry(resident.nationality ?? "") else { throw .value(.nationality) }
    case .permanentResidence2023:
      guard isIDNumber(resident.idNumber) else { throw .value(.idNumber) }
      guard isCountry(resident.nationality ?? "") else { throw .value(.nationality) }
    // No card says that it is one.
    case .heldCode: throw .kind
    }
  }

  /// "01" … "56", "97" and "98" (GB/T 3304).
  private static func isEthnicity(_ code: String) -> Bool {
    guard let digits = digits(code), digits.count == 2 else { return false }
    let number = digits[0] * 10 + digits[1]
    return (1...56).contains(number) || number == 97 || number == 98
  }

  /// Three capital letters (GB/T 2659); which countries there are is not judged.
  private static func isCountry(_ code: String) -> Bool {
    code.utf8.count == 3 && code.utf8.allSatisfy { (65...90).contains($0) }
  }

  /// Three letters and twelve digits; how its check digit is made was not published.
  private static func isNumberOf2017(_ text: String) -> Bool {
    isCountry(String(text.prefix(3))) && digits(String(text.dropFirst(3)))?.count == 12
  }

  private static func isDate(_ text: String?) -> Bool {
    guard let digits = text.flatMap({ digits($0) }), digits.count == 8 else { return false }
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
