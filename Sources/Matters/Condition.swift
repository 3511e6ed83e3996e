// SPDX-License-Identifier: Apache-2.0

import Records

/// A tiny expression over the answers: `key == 'x'`, `key == true`, `key != 'x'`,
/// `key >= 300`, `key <= 5`.
public struct Condition: Hashable, Sendable {
  public enum Comparison: String, Hashable, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atLeast = ">="
    case atMost = "<="
  }

  public enum Value: Hashable, Sendable {
    case text(String)
    case flag(Bool)
    case number(Double)
  }

  public let key: String
  public let comparison: Comparison
  public let value: Value

  /// Nil when `text` is not of the grammar.
  public init?(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 2).map { String($0) }
    guard parts.count == 3, Self.isKey(parts[0]), let comparison = Comparison(rawValue: parts[1]),
      let value = Self.value(parts[2])
    else { return nil }
    let isOrdered = comparison == .atLeast || comparison == .atMost
    if isOrdered, case .number = value {} else if isOrdered { return nil }
    key = parts[0]
    self.comparison = comparison
    self.value = value
  }

  private static func isKey(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
    }
  }

  private static func value(_ text: String) -> Value? {
    switch text {
    case "true": return .flag(true)
    case "false": return .flag(false)
    case _ where text.count >= 2 && text.hasPrefix("'") && text.hasSuffix("'"):
      let inner = text.dropFirst().dropLast()
      return inner.contains("'") ? nil : .text(String(inner))
    default: return Decimal.value(text).map { .number($0) }
    }
  }

  /// False while the question is not answered, whatever the comparison: nothing is asked
  /// on the ground of an answer that is not there.
  public func holds(_ answers: [String: Answer]) -> Bool {
    guard let answer = answers[key] else { return false }
    switch comparison {
    case .equal: return equals(answer)
    case .unequal: return !equals(answer)
    case .atLeast: return compare(answer) { $0 >= $1 }
    case .atMost: return compare(answer) { $0 <= $1 }
    }
  }

  private func equals(_ answer: Answer) -> Bool {
    switch (answer, value) {
    case (.flag(let flag), .flag(let wanted)): flag == wanted
    case (.text(let text), .text(let wanted)): text == wanted
    case (.chosen(let values), .text(let wanted)): values == [wanted]
    case (.text(let text), .number(let wanted)): Decimal.value(text) == wanted
    default: false
    }
  }

  private func compare(_ answer: Answer, _ order: (Double, Double) -> Bool) -> Bool {
    guard case .number(let wanted) = value, case .text(let text) = answer,
      let number = Decimal.value(text)
    else { return false }
    return order(number, wanted)
  }
}

/// Decimal numbers as people write them.
enum Decimal {
  /// Digits, at most one point with digits on both sides, a minus in front; no exponent.
  static func value(_ text: String) -> Double? {
    let body = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let halves = body.split(separator: ".", omittingEmptySubsequences: false)
    let isDigits = halves.allSatisfy { half in
      !half.isEmpty && half.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    return (1...2).contains(halves.count) && isDigits ? Double(text) : nil
  }
}
