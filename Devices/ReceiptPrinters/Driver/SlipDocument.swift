// SPDX-License-Identifier: Apache-2.0

import Records

/// A slip as cupsd and our filter carry it: a line `NDSLIP1`, a line with the name of the
/// job, then bands, each four bytes of length (big-endian) and as many of ESC/POS.
public struct SlipDocument: Hashable, Sendable {
  /// What CUPS knows this format by.
  public static let mediaType = "application/vnd.nightdesk-slip"
  /// Raster bytes a band: small, so that a cancel never waits long for the end of one.
  static let rasterLimit = 4096

  public let job: SlipJob
  /// ESC/POS commands, each band whole commands.
  public let bands: [[UInt8]]

  /// Bands that reset the printer, burn `bitmap` and cut. White rows are sent too: the
  /// feed commands count in units that differ from model to model.
  public init(job: SlipJob, bitmap: SlipBitmap) {
    self.job = job
    let rows = max(1, Self.rasterLimit / bitmap.bytesPerRow)
    let rasters = stride(from: 0, to: bitmap.height, by: rows).map { top in
      Self.raster(bitmap, top..<min(top + rows, bitmap.height))
    }
    bands = [[0x1B, 0x40]] + rasters + [[0x1D, 0x56, 0x42, 0x00]]
  }

  /// Without bands: the printer is only asked how it is.
  public init(questionFor job: SlipJob) {
    self.job = job
    bands = []
  }

  /// GS v 0, plain: width in bytes and height in dots, both low byte first.
  private static func raster(_ bitmap: SlipBitmap, _ rows: Range<Int>) -> [UInt8] {
    let (x, y) = (bitmap.bytesPerRow, rows.count)
    let header: [UInt8] = [
      0x1D, 0x76, 0x30, 0x00, UInt8(x & 255), UInt8(x >> 8), UInt8(y & 255), UInt8(y >> 8),
    ]
    return header + bitmap.bytes(rows: rows)
  }

  public var bytes: [UInt8] {
    var bytes = Array("NDSLIP1\n\(job)\n".utf8)
    bytes.reserveCapacity(bytes.count + bands.reduce(0) { $0 + $1.count + 4 })
    for band in bands {
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: band.count >> (24 - 8 * $0)) }
      bytes += band
    }
    return bytes
  }
}
