// SPDX-License-Identifier: Apache-2.0

/// Black dots on white paper, a bit a dot, the leftmost in the high bit; 1 is black.
public struct DotPicture: Hashable, Sendable {
  /// Dots in a row; a multiple of 8.
  public let width: Int
  public private(set) var rows = 0
  /// `width / 8` bytes a row.
  public private(set) var bits: [UInt8] = []

  /// A picture without rows. `width` is rounded up to whole bytes.
  public init(width: Int) {
    self.width = (width + 7) / 8 * 8
  }

  public var rowBytes: Int { width / 8 }

  /// True where the dot is black.
  public func isBlack(x: Int, y: Int) -> Bool {
    bits[y * rowBytes + x / 8] & 0x80 >> (x % 8) != 0
  }

  /// Dots beyond the right edge are lost, as on the real head.
  mutating func append(_ row: [UInt8]) {
    bits += row.prefix(rowBytes)
    bits += repeatElement(0, count: max(0, rowBytes - row.count))
    rows += 1
  }

  mutating func appendBlank(_ count: Int) {
    bits += repeatElement(0, count: count * rowBytes)
    rows += count
  }
}
