// SPDX-License-Identifier: Apache-2.0

import Records

/// How long a decision takes.
public struct TimeLimit: Hashable, Sendable, Codable {
  public enum Unit: String, Hashable, Sendable, Codable { case workday, day, hour }
  /// 0 = while the resident waits.
  public var value: Double
  public var unit: Unit
  public var basis: String

  /// Key in `Words`; the place `{count}` is the number.
  public var key: String {
    switch (unit, value) {
    case (_, 0): "limit.now"
    case (.workday, 1): "limit.workday"
    case (.workday, _): "limit.workdays"
    case (.day, 1): "limit.day"
    case (.day, _): "limit.days"
    case (.hour, 1): "limit.hour"
    case (.hour, _): "limit.hours"
    }
  }

  /// `5个工作日`, `即办`.
  public func text(_ words: Words, _ language: Language) -> String {
    words(key, language, ["count": Amount.text(value)])
  }
}

/// Numbers as they are written on screen, without a locale.
enum Amount {
  /// No point where there is nothing behind it: `10`, `0.5`.
  static func text(_ value: Double) -> String {
    guard let whole = Int(exactly: value) else { return String(value) }
    return String(whole)
  }
}

extension Fee {
  /// What it costs, one line an item: `不收费`, or `驾驶证工本费 10 元`.
  public func lines(_ words: Words, _ language: Language) -> [String] {
    guard isFee, !items.isEmpty else { return [words("fee.none", language)] }
    return items.map { item in
      words(
        "fee.item", language,
        [
          "name": language == .zh ? item.nameZh : item.nameEn,
          "amount": Amount.text(item.amountCNY),
        ])
    }
  }
}
