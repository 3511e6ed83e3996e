// SPDX-License-Identifier: Apache-2.0

/// How a card reader spreads the ministry's frames over its endpoints. Readers of both
/// kinds bear the numbers 0400:C35A.
public enum USBFraming: String, Hashable, Sendable, Codable {
  /// The first 7 bytes (preamble and length) on one pair of endpoints, the rest on the
  /// other: 02/06 out, 81/85 in (the security module's sheet, tables 2 and 5 to 8).
  case fourPipes
  /// Whole frames on one endpoint out and one in, at addresses that each maker chooses.
  case twoPipes
}

/// Frames as their four pipes want them.
enum FourPipeFrame {
  enum Part: Hashable, Sendable { case head, body }

  struct Piece: Hashable, Sendable {
    var part: Part
    var bytes: [UInt8]
  }

  static let preamble: [UInt8] = [0xAA, 0xAA, 0xAA, 0x96, 0x69]
  /// Preamble and length.
  static let headBytes = 7

  /// What is written, cut. What is no frame goes where a frame would begin.
  static func pieces(of bytes: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let head = rest.prefix(headBytes)
      rest = rest.dropFirst(head.count)
      pieces.append(Piece(part: .head, bytes: Array(head)))
      let body = rest.prefix(bodyLength(after: head) ?? 0)
      rest = rest.dropFirst(body.count)
      if !body.isEmpty { pieces.append(Piece(part: .body, bytes: Array(body))) }
    }
    return pieces
  }

  /// How many bytes follow `head`; nil when it is none.
  static func bodyLength(after head: some Collection<UInt8>) -> Int? {
    guard head.count == headBytes, head.starts(with: preamble) else { return nil }
    return head.suffix(2).reduce(0) { $0 << 8 | Int($1) }
  }
}

/// Follows an answer on its four pipes: which pipe gives the next bytes.
struct FourPipeAnswer: Sendable {
  private var recent: [UInt8] = []
  /// Bytes of the body that are still to come.
  private(set) var missing = 0

  var next: FourPipeFrame.Part { missing > 0 ? .body : .head }

  /// `bytes` came from the pipe that `next` named. Noise before a head is passed over.
  mutating func took(_ bytes: [UInt8]) {
    for byte in bytes {
      if missing > 0 {
        missing -= 1
        continue
      }
      recent = recent.suffix(FourPipeFrame.headBytes - 1) + [byte]
      guard let length = FourPipeFrame.bodyLength(after: recent) else { continue }
      missing = length
      recent = []
    }
  }
}
