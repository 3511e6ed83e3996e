// SPDX-License-Identifier: Apache-2.0

/// Cuts the stream of bytes of a card reader into replies, whatever pieces it comes in.
/// Bytes before a preamble are passed over; after a bad frame the search goes on right
/// behind its first byte.
public struct SDTDecoder: Sendable {
  /// Text, photo and two fingerprints with their lengths: the longest that exists.
  static let longestData = 6 + 256 + 1024 + 1024
  private static let status = 3
  private static let check = 1
  private static let head = SDTRequest.preamble.count + 2

  private var buffer: [UInt8] = []

  public init() {}

  /// All that is complete with these bytes, in order.
  public mutating func take(_ bytes: some Sequence<UInt8>) -> [Result<SDTReply, SDTFrameFault>] {
    buffer.append(contentsOf: bytes)
    var results: [Result<SDTReply, SDTFrameFault>] = []
    while let result = next() { results.append(result) }
    return results
  }

  private mutating func next() -> Result<SDTReply, SDTFrameFault>? {
    skipToPreamble()
    guard buffer.count >= SDTDecoder.head else { return nil }
    let length = Int(buffer[5]) << 8 | Int(buffer[6])
    let least = SDTDecoder.status + SDTDecoder.check
    guard (least...least + SDTDecoder.longestData).contains(length) else {
      buffer.removeFirst()
      return .failure(.length(length))
    }
    let end = SDTDecoder.head + length
    guard buffer.count >= end else { return nil }
    // The exclusive-or of everything behind the preamble, its own byte included, is zero.
    guard buffer[5..<end].reduce(0, ^) == 0 else {
      buffer.removeFirst()
      return .failure(.checksum)
    }
    let status = SDTStatus(buffer[7], buffer[8], buffer[9])
    let data = Array(buffer[10..<end - SDTDecoder.check])
    buffer.removeFirst(end)
    return .success(SDTReply(status: status, data: data))
  }

  /// Drops what cannot be the beginning of a frame.
  private mutating func skipToPreamble() {
    let preamble = SDTRequest.preamble
    let start = buffer.indices.first { index in
      let rest = buffer[index...].prefix(preamble.count)
      return preamble.starts(with: rest)
    }
    buffer.removeFirst(start ?? buffer.count)
  }
}
