// SPDX-License-Identifier: Apache-2.0

import Foundation

enum Figure {
  /// Four digits that count: more would be noise.
  static func rounded(_ value: Double) -> Double {
    guard value != 0, value.isFinite else { return 0 }
    let scale = pow(10, 3 - floor(log10(abs(value))))
    return (value * scale).rounded() / scale
  }

  /// For people: three digits that count, no exponent.
  static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    let digits = max(0, 2 - Int(floor(log10(abs(value)))))
    return String(format: "%.\(min(digits, 4))f", value)
  }

  static func short(_ value: Double?) -> String { value.map { short($0) } ?? "-" }
}

extension [Double] {
  var median: Double? {
    guard !isEmpty else { return nil }
    let sorted = sorted()
    let middle = count / 2
    return count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// `share` 0.99 gives the value that 99 in 100 stay below.
  func percentile(_ share: Double) -> Double? {
    guard !isEmpty else { return nil }
    return sorted()[Swift.min(count - 1, Int(share * Double(count)))]
  }

  var sum: Double { reduce(0, +) }
}
