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

  /// Adds `count` rows of coverage, one byte a dot; what is covered to at least
  /// `threshold` of 255 becomes black.
  mutating func append(
    coverage: UnsafeRawPointer, stride: Int, rows count: Int, threshold: UInt8
  ) {
    let bytesPerRow = bytesPerRow
    let start = rows.count
    rows.append(contentsOf: repeatElement(0, count: count * bytesPerRow))
    rows.withUnsafeMutableBufferPointer { target in
      for y in 0..<count {
        for column in 0..<bytesPerRow {
          let source = coverage + (y * stride + column * 8)
          let eight = source.loadUnaligned(as: UInt64.self)
          guard eight != 0 else { continue }
          target[start + y * bytesPerRow + column] = Self.pack(source, threshold)
        }
      }
    }
    height += count
  }

  private static func pack(_ source: UnsafeRawPointer, _ threshold: UInt8) -> UInt8 {
    var byte: UInt8 = 0
    for bit in 0..<8 {
      let covered = source.load(fromByteOffset: bit, as: UInt8.self)
      byte = byte << 1 | (covered >= threshold ? 1 : 0)
    }
    return byte
  }
}
