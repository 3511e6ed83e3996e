// SPDX-License-Identifier: Apache-2.0

/// What kioskd hands to cupsd: a first line `NDSLIP1`, a second with the name of the job,
/// then bands, each four bytes of length (big-endian) and as many of ESC/POS.
struct SlipFile: Equatable {
  static let magic = Array("NDSLIP1\n".utf8)
  /// A raster command of 4 KiB and its eight bytes of header.
  static let largestBand = 4104
  static let largestFile = 4 << 20

  let job: JobName
  /// None: nothing is to be printed, the printer is only asked how it is.
  let bands: [[UInt8]]

  /// Nil unless every byte is accounted for.
  init?(_ bytes: [UInt8]) {
    let header = Self.magic.count + JobName.length + 1
    guard bytes.count >= header, bytes.count <= Self.largestFile,
      bytes.starts(with: Self.magic), bytes[header - 1] == UInt8(ascii: "\n"),
      let job = JobName(bytes[Self.magic.count..<header - 1])
    else { return nil }
    var bands: [[UInt8]] = []
    var rest = bytes[header...]
    while !rest.isEmpty {
      guard rest.count > 4 else { return nil }
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length > 0, length <= Self.largestBand, length <= rest.count else { return nil }
      bands.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    self.job = job
    self.bands = bands
  }
}
