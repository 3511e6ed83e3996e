// SPDX-License-Identifier: Apache-2.0

/// Makes codes out of what a scanner sends, in whatever pieces it comes. Pure: that time
/// passes is told by `fellSilent`.
public protocol CodeDecoder: Sendable {
  /// All that is complete with these bytes, in order.
  mutating func take(_ bytes: [UInt8]) -> [Decoded]
  /// Nothing came for as long as the model allows inside a code.
  mutating func fellSilent() -> [Decoded]
  /// Whether the beginning of a code lies there.
  var isPartial: Bool { get }
}

public enum Decoded: Hashable, Sendable {
  /// As it was on paper or telephone, without what the scanner puts before and behind.
  case code([UInt8])
  /// A code arrived damaged, or as keys that are no text. It is dropped.
  case garbled
  /// More than a code may have; said once, the rest of it is dropped.
  case tooLong
}

/// A code on its way, bounded.
struct PartialCode: Hashable, Sendable {
  let longest: Int
  private var bytes: [UInt8] = []
  private var isSpoilt = false
  private var isTooLong = false

  init(longest: Int) { self.longest = longest }

  var isEmpty: Bool { bytes.isEmpty && !isSpoilt && !isTooLong }

  mutating func append(_ more: some Collection<UInt8>) -> Decoded? {
    guard !isTooLong else { return nil }
    guard bytes.count + more.count <= longest else {
      bytes = []
      isTooLong = true
      return .tooLong
    }
    bytes += more
    return nil
  }

  /// What follows in this code cannot mend it.
  mutating func spoil() { isSpoilt = true }

  /// Nil where nothing was.
  mutating func end() -> Decoded? {
    defer { self = PartialCode(longest: longest) }
    if isTooLong { return nil }
    if isSpoilt { return .garbled }
    return bytes.isEmpty ? nil : .code(bytes)
  }
}

/// Plain bytes with a carriage return, a line feed or both behind each code: serial lines
/// and USB's CDC-ACM. A scanner that was set to put nothing behind is understood by its
/// silence.
public struct LineDecoder: CodeDecoder {
  private var partial: PartialCode

  public init(longest: Int) { partial = PartialCode(longest: longest) }

  public var isPartial: Bool { !partial.isEmpty }

  public mutating func take(_ bytes: [UInt8]) -> [Decoded] {
    var decoded: [Decoded] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let piece = rest.prefix { $0 != 0x0D && $0 != 0x0A }
      decoded += [partial.append(piece)].compactMap { $0 }
      rest = rest.dropFirst(piece.count)
      guard !rest.isEmpty else { break }
      decoded += [partial.end()].compactMap { $0 }
      rest = rest.dropFirst()
    }
    return decoded
  }

  public mutating func fellSilent() -> [Decoded] { [partial.end()].compactMap { $0 } }
}
