// SPDX-License-Identifier: Apache-2.0

import Records

/// The pause that an answer asks for (RFC 9110, 10.2.3): seconds, or a date.
enum RetryAfter {
  /// Seconds to wait; nil when `value` is neither.
  ///
  /// - Parameter date: the answer's own `Date`, against which a date is measured, since the
  ///   terminal's clock may be wrong by decades.
  static func seconds(_ value: String, date: String?) -> Int? {
    if value.utf8.count < 10, value.utf8.allSatisfy({ (48...57).contains($0) }), let seconds = Int(value) {
      return seconds
    }
    guard let until = HTTPDate.seconds(value), let from = date.flatMap({ HTTPDate.seconds($0) }) else {
      return nil
    }
    return Int(max(0, until - from))
  }
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that RFC 9110 (5.6.7) lets be sent.
enum HTTPDate {
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Seconds since 1970; nil for any other form.
  static func seconds(_ text: String) -> Int64? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT",
      let month = months.firstIndex(of: String(words[2])), let year = Int(words[3]), year >= 1970,
      let date = Day(digits: words[3] + Padded.decimal(month + 1, width: 2) + words[1]),
      let time = clock(words[4])
    else { return nil }
    return date.daysSince1970 * 86_400 + time
  }

  private static func clock(_ text: Substring) -> Int64? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let values = parts.compactMap { $0.utf8.count == 2 ? UInt8($0) : nil }
    guard parts.count == 3, values.count == 3, values[0] < 24, values[1] < 60, values[2] <= 60 else {
      return nil
    }
    return Int64(values[0]) * 3600 + Int64(values[1]) * 60 + Int64(values[2])
  }
}
