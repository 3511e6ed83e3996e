// SPDX-License-Identifier: Apache-2.0

/// Check digits of the numbers that residents and offices write.
public enum Checksum {
  private static let idWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  private static let idChecks = Array("10X98765432".utf8)
  private static let usccAlphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)

  /// 公民身份号码, GB 11643-1999: ISO 7064 MOD 11-2 over 17 digits.
  public static func holdsGB11643(_ text: String) -> Bool {
    let characters = Array(text.utf8)
    guard characters.count == 18, let values = digits(characters.prefix(17)) else { return false }
    let sum = zip(values, idWeights).reduce(0) { $0 + $1.0 * $1.1 }
    return characters[17] == idChecks[sum % 11]
  }

  /// 统一社会信用代码, GB 32100-2015: weights 3^i mod 31; a remainder of 31 counts as 0.
  public static func holdsGB32100(_ text: String) -> Bool {
    let values = text.utf8.compactMap { usccAlphabet.firstIndex(of: $0) }
    guard values.count == 18, text.utf8.count == 18 else { return false }
    var weight = 1
    var sum = 0
    for value in values.dropLast() {
      sum += value * weight
      weight = weight * 3 % 31
    }
    return values[17] == (31 - sum % 31) % 31
  }

  /// Bank cards, ISO/IEC 7812-1 (Luhn).
  public static func holdsLuhn(_ text: String) -> Bool {
    guard !text.isEmpty, let values = digits(Array(text.utf8)[...]) else { return false }
    let sum = values.reversed().enumerated().reduce(0) { sum, item in
      let doubled = item.offset.isMultiple(of: 2) ? item.element : item.element * 2
      return sum + (doubled > 9 ? doubled - 9 : doubled)
    }
    return sum.isMultiple(of: 10)
  }

  private static func digits(_ characters: ArraySlice<UInt8>) -> [Int]? {
    guard characters.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return characters.map { Int($0) - 0x30 }
  }
}
