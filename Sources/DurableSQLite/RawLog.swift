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
    guard let round = Round(header: read(0, headerSize), first: read(headerSize, frameSize)) else {
      return []
    }
    var sum: (UInt32, UInt32)? = round.sum
    var frames: [Frame] = []
    var offset = headerSize
    while true {
      let frame = read(offset, frameSize)
      guard frame.count == frameSize else { return frames }
      let own = (word(frame, 16), word(frame, 20))
      let holds = sum.map { summed(frame, from: $0, round.isBigEndian) == own } ?? false
      if holds { frames.append(Frame(page: Int(word(frame, 0)), offset: offset + 24)) }
      // A frame of an older round bears another salt; one whose sum holds was only damaged there.
      sum = holds || frame[8..<16].elementsEqual(round.salt) ? own : nil
      offset += frameSize
    }
  }

  /// What the frames that count have in common, and the sum from which the first one goes on.
  private struct Round {
    var isBigEndian = UInt32(1).bigEndian == 1
    var salt: [UInt8]
    var sum: (UInt32, UInt32)?

    init?(header: [UInt8], first: [UInt8]) {
      guard header.count == headerSize, first.count == frameSize else { return nil }
      if let order = RawLog.order(ofSound: header) {
        isBigEndian = order
        salt = Array(header[16..<24])
        sum = (word(header, 24), word(header, 28))
        return
      }
      // Marked empty by a clean end (the file holds all of it, unless it was damaged since), or
      // damaged: the first frame tells the round.
      guard word(first, 0) > 0 else { return nil }
      salt = Array(first[8..<16])
      let order = isBigEndian
      let sums = [(word(header, 24), word(header, 28)), add(Array(header[..<24]), to: (0, 0), order)]
      sum = sums.first { summed(first, from: $0, order) == (word(first, 16), word(first, 20)) }
    }
  }

  /// Whether the sums of a log count from the highest byte; nil for a header that SQLite does not
  /// take, so that it would read the log as empty.
  static func order(ofSound header: [UInt8]) -> Bool? {
    guard header.count == headerSize, word(header, 0) | 1 == 0x377F_0683,
      word(header, 4) == 3_007_000, word(header, 8) == UInt32(RawPage.size)
    else { return nil }
    let isBigEndian = word(header, 0) & 1 == 1
    let sum = add(Array(header[..<24]), to: (0, 0), isBigEndian)
    return sum == (word(header, 24), word(header, 28)) ? isBigEndian : nil
  }

  private static func summed(
    _ frame: [UInt8], from sum: (UInt32, UInt32), _ isBigEndian: Bool
  ) -> (UInt32, UInt32) {
    add(Array(frame[0..<8]) + frame[24...], to: sum, isBigEndian)
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
