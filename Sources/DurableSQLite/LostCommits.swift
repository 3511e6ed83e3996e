// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Commits that stand in a log behind a damaged place. SQLite reads a log up to the first frame
/// that does not hold and takes the rest for a commit that was cut short: rows that were
/// acknowledged would be gone without a word.
///
/// Only one commit can be cut short: the next one begins after its sync. So a whole commit
/// behind the damage, and a frame that goes on from it, show that synced frames were lost.
/// The header is synced before the first frame, and no power cut tears a sector: one that is
/// neither empty nor sound was damaged later, and SQLite would take the log behind it for empty.
struct LostCommits {
  private let salt: UInt64
  private let isSwapped: Bool
  /// Of the frame before; nil when that one is of another round.
  private var sum: (UInt32, UInt32)?
  private var isReachable = true
  private var isBehindCommit = false

  /// - Parameter file: a log that is not marked empty.
  static func stand(in file: CInt) -> Bool {
    var header = [UInt8](repeating: 0, count: RawLog.headerSize)
    guard pread(file, &header, header.count, 0) == header.count else { return false }
    guard RawLog.order(ofSound: header) != nil else {
      var first = [UInt8](repeating: 0, count: 4)
      return pread(file, &first, 4, RawLog.headerSize) == 4 && first.contains { $0 != 0 }
    }
    var scan = header.withUnsafeBytes { LostCommits(header: $0) }
    let atOnce = 64
    var buffer = [UInt8](repeating: 0, count: RawLog.frameSize * atOnce)
    var offset = RawLog.headerSize
    while true {
      let count = pread(file, &buffer, buffer.count, offset) / RawLog.frameSize
      guard count > 0 else { return false }
      let isFound = buffer.withUnsafeBytes { bytes in
        (0..<count).contains { index in
          let start = index * RawLog.frameSize
          return scan.shows(UnsafeRawBufferPointer(rebasing: bytes[start..<start + RawLog.frameSize]))
        }
      }
      if isFound { return true }
      offset += count * RawLog.frameSize
    }
  }

  private init(header: UnsafeRawBufferPointer) {
    let magic = Self.word(header, 0)
    // The sums count in the byte order of the machine that wrote the log.
    isSwapped = (magic & 1 == 1) != (UInt32(1).bigEndian == 1)
    salt = header.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
    sum = (Self.word(header, 24), Self.word(header, 28))
  }

  /// Takes the next frame; true when it goes on from a commit behind the damage.
  private mutating func shows(_ frame: UnsafeRawBufferPointer) -> Bool {
    let isOfThisRound = frame.loadUnaligned(fromByteOffset: 8, as: UInt64.self) == salt
    let own = (Self.word(frame, 16), Self.word(frame, 20))
    let holds = isOfThisRound && sum.map { summed(frame, from: $0) == own } ?? false
    sum = isOfThisRound ? own : nil
    guard holds else {
      (isReachable, isBehindCommit) = (false, false)
      return false
    }
    if isReachable { return false }
    if isBehindCommit { return true }
    isBehindCommit = Self.word(frame, 4) != 0
    return false
  }

  private func summed(_ frame: UnsafeRawBufferPointer, from start: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var (first, second) = start
    for range in [0..<8, 24..<RawLog.frameSize] {
      var place = range.lowerBound
      while place < range.upperBound {
        let one = frame.loadUnaligned(fromByteOffset: place, as: UInt32.self)
        let two = frame.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
        first &+= (isSwapped ? one.byteSwapped : one) &+ second
        second &+= (isSwapped ? two.byteSwapped : two) &+ first
        place += 8
      }
    }
    return (first, second)
  }

  /// Numbers of the log's own lie there highest byte first.
  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
    UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self))
  }
}
