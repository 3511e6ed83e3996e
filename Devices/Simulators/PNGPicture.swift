// SPDX-License-Identifier: Apache-2.0

/// Writes a dot picture as PNG (ISO/IEC 15948): one bit a pixel, grey, stored without
/// compression. Written out here so that the picture owes nothing to the library that
/// drew the slip.
public enum PNGPicture {
  public static func encode(_ picture: DotPicture) -> [UInt8] {
    let head = word(picture.width) + word(picture.rows) + [1, 0, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", head)
      // 203 dots an inch.
      + chunk("pHYs", word(8000) + word(8000) + [1])
      + chunk("IDAT", stored(scanLines(picture)))
      + chunk("IEND", [])
  }

  private static func scanLines(_ picture: DotPicture) -> [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(picture.bits.count + picture.rows)
    for start in stride(from: 0, to: picture.bits.count, by: picture.rowBytes) {
      lines.append(0)
      for byte in picture.bits[start..<start + picture.rowBytes] { lines.append(~byte) }
    }
    return lines
  }

  /// A zlib stream of stored blocks (RFC 1950, RFC 1951 3.2.4).
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    stream.reserveCapacity(data.count + data.count / 1000 + 64)
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let count = UInt16(end - start)
      stream.append(end == data.count ? 1 : 0)
      stream += [UInt8(count & 0xFF), UInt8(count >> 8), UInt8(~count & 0xFF), UInt8(~count >> 8)]
      stream += data[start..<end]
      start = end
    } while start < data.count
    return stream + word(Int(adler(data)))
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return word(data.count) + body + word(Int(check(body)))
  }

  private static func word(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func adler(_ data: [UInt8]) -> UInt32 {
    var low: UInt32 = 1
    var high: UInt32 = 0
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  static func check(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
    }
  }
}
