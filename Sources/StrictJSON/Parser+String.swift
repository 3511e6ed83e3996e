// SPDX-License-Identifier: Apache-2.0

extension Parser {
  /// A string from its opening quotation mark to past the closing one.
  mutating func string() throws(Misfit) -> String {
    position += 1
    let start = position
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: bytes[start..<position - 1], as: UTF8.self)
      case UInt8(ascii: "\\"): return try escapedString(from: start)
      default: try character(byte)
      }
    }
    throw misfit(.syntax)
  }

  /// The rest of a string in which at least one escape stands.
  private mutating func escapedString(from start: Int) throws(Misfit) -> String {
    var text = Array(bytes[start..<position])
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: UTF8.encode(try escape()) ?? UTF8.encodedReplacementCharacter)
      default:
        let first = position
        try character(byte)
        text.append(contentsOf: bytes[first..<position])
      }
    }
    throw misfit(.syntax)
  }

  /// Past one unescaped character; `first` is its first byte.
  private mutating func character(_ first: UInt8) throws(Misfit) {
    switch first {
    case 0x20..<0x80: position += 1
    case 0..<0x20: throw misfit(.syntax)
    default: try longCharacter(first)
    }
  }

  /// Past one character of two to four bytes, in the well-formed sequences of Unicode's
  /// table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF.
  private mutating func longCharacter(_ first: UInt8) throws(Misfit) {
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2...0xDF: (second, length) = (0x80...0xBF, 2)
    case 0xE0: (second, length) = (0xA0...0xBF, 3)
    case 0xED: (second, length) = (0x80...0x9F, 3)
    case 0xE1...0xEF: (second, length) = (0x80...0xBF, 3)
    case 0xF0: (second, length) = (0x90...0xBF, 4)
    case 0xF4: (second, length) = (0x80...0x8F, 4)
    case 0xF1...0xF3: (second, length) = (0x80...0xBF, 4)
    default: throw misfit(.invalidUTF8)
    }
    guard position + length <= bytes.count, second.contains(bytes[position + 1]),
      bytes[(position + 2)..<(position + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { throw misfit(.invalidUTF8) }
    position += length
  }

  /// The character an escape stands for; an unpaired surrogate is a fault.
  private mutating func escape() throws(Misfit) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let letter = byte else { throw misfit(.syntax) }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default: throw misfit(.syntax, at: start)
    }
  }

  private mutating func unicodeEscape(from start: Int) throws(Misfit) -> Unicode.Scalar {
    let unit = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw misfit(.syntax, at: start) }
    position += 2
    let low = try fourDigits(from: start)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw misfit(.syntax, at: start) }
    return scalar
  }

  private mutating func fourDigits(from start: Int) throws(Misfit) -> UInt32 {
    guard position + 4 <= bytes.count else { throw misfit(.syntax, at: start) }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw misfit(.syntax, at: start)
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
