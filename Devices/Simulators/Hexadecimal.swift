// SPDX-License-Identifier: Apache-2.0

/// Bytes as a person reads them in a log: `10 04 01`.
enum Hexadecimal {
  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }
}
