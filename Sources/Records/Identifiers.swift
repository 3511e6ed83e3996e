// SPDX-License-Identifier: Apache-2.0

/// Names one envelope for ever: made once, at reservation, and echoed by the centre.
/// 16 bytes in the layout of a version 7 UUID (RFC 9562, 5.7): time first, so that rows
/// arrive in key order, then chance.
public struct EnvelopeID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// Nil unless there are exactly 16 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    self.bytes = bytes
  }

  /// `milliseconds` since 1970 and ten bytes of chance, of which six bits give way to the
  /// version and variant marks.
  public init(milliseconds: Int64, chance: [UInt8]) {
    precondition(chance.count == 10, "an envelope id takes ten bytes of chance")
    let time = UInt64(bitPattern: milliseconds)
    var bytes = (0..<6).map { UInt8(truncatingIfNeeded: time >> (40 - 8 * UInt64($0))) } + chance
    bytes[6] = bytes[6] & 0x0F | 0x70
    bytes[8] = bytes[8] & 0x3F | 0x80
    self.bytes = bytes
  }

  /// Nil unless `text` is 36 characters of lower-case UUID notation.
  public init?(_ text: some StringProtocol) {
    let characters = Array(text.utf8)
    guard characters.count == 36, [8, 13, 18, 23].allSatisfy({ characters[$0] == 45 }),
      let bytes = Hex.bytes(characters.filter { $0 != 45 }), bytes.count == 16,
      characters.filter({ $0 == 45 }).count == 4
    else { return nil }
    self.bytes = bytes
  }

  public var description: String {
    let hex = Array(Hex.text(bytes).utf8)
    var text: [UInt8] = []
    text.reserveCapacity(36)
    for group in [hex[0..<8], hex[8..<12], hex[12..<16], hex[16..<20], hex[20..<32]] {
      if !text.isEmpty { text.append(UInt8(ascii: "-")) }
      text.append(contentsOf: group)
    }
    return String(decoding: text, as: UTF8.self)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = EnvelopeID(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an envelope id")
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  public static func < (left: EnvelopeID, right: EnvelopeID) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// Chance, handed in by the executables: ids, claim codes, job names, jitter.
public protocol RandomSource: Sendable {
  /// `count` bytes that nobody can guess.
  func bytes(_ count: Int) -> [UInt8]
}

/// Lower-case hexadecimal.
public enum Hex {
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    // Every caller's own kind of sequence is left at once: the loop runs over an array.
    let bytes = Array(bytes)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func digit(_ half: UInt8) -> UInt8 { half < 10 ? half + 48 : half + 87 }

  /// Nil for an odd length or any other character; capital letters are refused too.
  public static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var high: UInt8?
    for character in text {
      let half: UInt8
      switch character {
      case 48...57: half = character - 48
      case 97...102: half = character - 87
      default: return nil
      }
      if let first = high {
        result.append(first << 4 | half)
        high = nil
      } else {
        high = half
      }
    }
    return high == nil ? result : nil
  }
}
