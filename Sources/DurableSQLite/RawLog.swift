// SPDX-License-Identifier: Apache-2.0

/// Which pages a write-ahead log holds, and where (SQLite file format, section 4).
///
/// SQLite reads a log up to the first frame whose checksum does not hold. Here each frame is
/// judged by itself, by the sum that the one before it bears, so that a flipped byte costs
/// one frame and not all behind it.
struct RawLog {
  static let headerSize = 32
  static let frameSize = 24 + RawPage.size

  struct Frame: Hashable {
    var page: Int
    /// Of the page's bytes in the log.
    var offset: Int
  }

  /// - Parameter read: bytes of the log; fewer at its end.
  static func frames(_ read: (_ offset: Int, _ count: Int) -> [UInt8]) -> [Frame] {
    let header = read(0, headerSize)
    guard header.count == headerSize else { return [] }
    let isBigEndian = word(header, 0) & 1 == 1
    let salt: [UInt8]
    var sum: (UInt32, UInt32)
    var frames: [Frame] = []
    var offset = headerSize
    if header.allSatisfy({ $0 == 0 }) {
      // Marked empty by a clean end: the file holds all of it, unless it was damaged since.
      // The first frame, for which only the header could vouch, tells the round.
      let first = read(offset, 24)
      guard first.count == 24, word(first, 0) > 0 else { return [] }
      salt = Array(first[8..<16])
      sum = (word(first, 16), word(first, 20))
      offset += frameSize
    } else {
      guard word(header, 0) | 1 == 0x377F_0683, word(header, 8) == UInt32(RawPage.size) else { return [] }
      salt = Array(header[16..<24])
      sum = (word(header, 24), word(header, 28))
    }
    while true {
      let frame = read(offset, frameSize)
      // A frame of an older round bears another salt.
      guard frame.count == frameSize, frame[8..<16].elementsEqual(salt) else { return frames }
      let own = (word(frame, 16), word(frame, 20))
      sum = add(Array(frame[0..<8]) + frame[24...], to: sum, isBigEndian)
      if sum == own { frames.append(Frame(page: Int(word(frame, 0)), offset: offset + 24)) }
      sum = own
      offset += frameSize
    }
  }

  private static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func add(
    _ bytes: [UInt8], to sum: (UInt32, UInt32), _ isBigEndian: Bool
  ) -> (UInt32, UInt32) {
    var (first, second) = sum
    for place in stride(from: 0, to: bytes.count, by: 8) {
      for (offset, isFirst) in [(place, true), (place + 4, false)] {
        let read = word(bytes, offset)
        let value = isBigEndian ? read : read.byteSwapped
        if isFirst { first &+= value &+ second } else { second &+= value &+ first }
      }
    }
    return (first, second)
  }
}
