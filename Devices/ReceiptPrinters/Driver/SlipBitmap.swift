// SPDX-License-Identifier: Apache-2.0

/// A slip as dots: what the print head burns, row by row.
public struct SlipBitmap: Hashable, Sendable {
  /// Dots a row, a multiple of eight.
  public let width: Int
  public private(set) var height: Int
  /// Eight dots a byte, the leftmost in the highest bit, 1 = black.
  public private(set) var rows: [UInt8]

  public var bytesPerRow: Int { width / 8 }

  public init(width: Int, height: Int = 0) {
    precondition(width > 0 && width.isMultiple(of: 8), "a row is whole bytes")
    self.width = width
    self.height = height
    rows = [UInt8](repeating: 0, count: width / 8 * height)
  }

  public subscript(x: Int, y: Int) -> Bool {
    rows[y * bytesPerRow + x / 8] & (0x80 >> UInt8(x & 7)) != 0
  }

  /// The bytes of some rows, as GS v 0 takes them.
  public func bytes(rows range: Range<Int>) -> ArraySlice<UInt8> {
    rows[range.lowerBound * bytesPerRow..<range.upperBound * bytesPerRow]
  }

  /// Adds `count` rows of coverage, one byte a dot, as many a row as there are dots at
  /// least; what is covered to `threshold` of 255 (1 to 128) or more becomes black.
  mutating func append(
    coverage: UnsafeRawPointer, stride: Int, rows count: Int, threshold: UInt8
  ) {
    precondition((1...128).contains(threshold))
    let bytesPerRow = bytesPerRow
    let start = rows.count
    let lift = 0x0101_0101_0101_0101 * UInt64(128 - threshold)
    rows.append(contentsOf: repeatElement(0, count: count * bytesPerRow))
    rows.withUnsafeMutableBufferPointer { target in
      for y in 0..<count {
        for column in 0..<bytesPerRow {
          let place = y * stride + column * 8
          let eight = coverage.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          guard eight != 0 else { continue }
          target[start + y * bytesPerRow + column] = Self.pack(UInt64(littleEndian: eight), lift)
        }
      }
    }
    height += count
  }

  /// The eight comparisons at once: `lift` carries what reaches the threshold into the
  /// high bit of its byte; the multiplication collects the high bits, the first uppermost.
  private static func pack(_ eight: UInt64, _ lift: UInt64) -> UInt8 {
    let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
    let reached = ((((eight & low) &+ lift) | eight) & ~low) >> 7
    return UInt8((reached &* 0x8040_2010_0804_0201) >> 56)
  }
}
