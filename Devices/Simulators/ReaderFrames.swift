// SPDX-License-Identifier: Apache-2.0

/// The frames of the SAM module ("SDT"), the reader's side: requests in, answers out.
///
/// Request `AA AA AA 96 69 | length | command | parameter | data | check`, answer
/// `AA AA AA 96 69 | length | SW1 SW2 SW3 | data | check`; length is big-endian and
/// counts what follows it, the check is the XOR of all between preamble and check.
struct ReaderFrames: Sendable {
  enum Request: Hashable, Sendable {
    case command(UInt8, UInt8)
    case badCheck
    case badLength
  }

  static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
  /// No known request is longer; a greater length is a broken frame.
  private static let longest = 64

  private var pending: [UInt8] = []

  var isPartial: Bool { !pending.isEmpty }

  /// What a real module does when the line falls silent in the middle of a request.
  mutating func dropPartial() {
    pending = []
  }

  mutating func receive(_ bytes: [UInt8]) -> [Request] {
    pending += bytes
    var requests: [Request] = []
    while let request = next() { requests.append(request) }
    return requests
  }

  private mutating func next() -> Request? {
    skipToPreamble()
    guard pending.count >= 7 else { return nil }
    let length = Int(pending[5]) << 8 | Int(pending[6])
    guard (3...Self.longest).contains(length) else {
      pending.removeFirst(7)
      return .badLength
    }
    guard pending.count >= 7 + length else { return nil }
    let frame = Array(pending[5..<7 + length])
    pending.removeFirst(7 + length)
    guard Self.check(frame.dropLast()) == frame.last else { return .badCheck }
    return .command(frame[2], frame[3])
  }

  private mutating func skipToPreamble() {
    while !pending.isEmpty, !Self.preamble.starts(with: pending.prefix(5)) {
      pending.removeFirst()
    }
  }

  static func answer(_ status: UInt8, _ data: [UInt8] = []) -> [UInt8] {
    let length = 4 + data.count
    let body = [UInt8(length >> 8), UInt8(length & 0xFF), 0, 0, status] + data
    return preamble + body + [check(body)]
  }

  /// The same card's data, its text said to be one byte longer, with a right check.
  static func withWrongInnerLength(_ answer: [UInt8]) -> [UInt8] {
    guard answer.count > 14 else { return answer }
    var bytes = answer
    bytes[11] ^= 1
    bytes[bytes.count - 1] = check(bytes[5..<bytes.count - 1])
    return bytes
  }

  static func check(_ bytes: some Sequence<UInt8>) -> UInt8 {
    bytes.reduce(0, ^)
  }
}
