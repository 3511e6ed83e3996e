// SPDX-License-Identifier: Apache-2.0

/// The paper since the last cut.
struct PrinterPage: Sendable {
  private(set) var picture: DotPicture
  private(set) var hasDots = false
  var undrawnCharacters = 0
  var unknownBytes = 0
  private var bytes: [UInt8] = []

  init(width: Int) {
    picture = DotPicture(width: width)
  }

  mutating func take(_ sent: [UInt8]) {
    bytes += sent
  }

  mutating func feed(_ dots: Int) {
    picture.appendBlank(dots)
  }

  mutating func add(_ row: RasterRow) {
    let bits = row.doubleWidth ? row.bits.flatMap { Self.doubled($0) } : row.bits
    picture.append(bits)
    if row.doubleHeight { picture.append(bits) }
    hasDots = true
  }

  func cut(_ cut: PaperCut, number: Int) -> PrintedPaper {
    PrintedPaper(
      number: number, picture: picture, bytes: bytes, cut: cut,
      undrawnCharacters: undrawnCharacters, unknownBytes: unknownBytes)
  }

  /// Each bit twice.
  private static func doubled(_ byte: UInt8) -> [UInt8] {
    let wide = (0..<8).reduce(UInt16(0)) { wide, bit in
      byte & 0x80 >> bit == 0 ? wide : wide | 0xC000 >> (2 * bit)
    }
    return [UInt8(wide >> 8), UInt8(wide & 0xFF)]
  }
}
