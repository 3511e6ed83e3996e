// SPDX-License-Identifier: Apache-2.0

/// By what a reader's security module (SAM) is known to the ministry: the answer to 12 FF,
/// sixteen bytes little-endian (vendors' sheet "SAM 通信协议", 5.1).
public struct ModuleNumber: Hashable, Sendable, CustomStringConvertible {
  /// `05.01-20101129-0001228293-0296863149`
  public let description: String

  /// Nil unless there are sixteen bytes.
  public init?(_ data: [UInt8]) {
    guard data.count == 16 else { return nil }
    let parts = [(0, 2, 2), (2, 2, 2), (4, 4, 8), (8, 4, 10), (12, 4, 10)].map { place, size, digits in
      let value = data[place..<place + size].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      let text = String(value)
      return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
    }
    description = "\(parts[0]).\(parts[1])-" + parts[2...].joined(separator: "-")
  }
}
