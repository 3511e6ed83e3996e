// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A Swift source seen two ways: its code with comments and the text of literals blanked
/// out, byte for byte and line for line, and its string literals. Regular-expression
/// literals are taken for code.
struct SwiftText: Sendable {
  struct Literal: Sendable {
    var offset: Int
    /// The text up to the first interpolation.
    var text: String
    var isInterpolated: Bool
  }

  private struct Quote: Sendable {
    var hashes: Int
    var isMultiline: Bool
    var literal: Int
    /// Parentheses open inside the interpolation that is being read.
    var depth = 0
  }

  private(set) var code: [UInt8]
  private(set) var literals: [Literal] = []
  private let source: [UInt8]
  private var position = 0
  /// Literals inside whose interpolations the reader stands, innermost last.
  private var open: [Quote] = []

  init(_ text: String) {
    source = Array(text.utf8)
    code = source
    while position < source.count { readCode() }
  }

  func line(at offset: Int) -> Int {
    1 + source.prefix(offset).count { $0 == UInt8(ascii: "\n") }
  }

  private func starts(_ word: String, at offset: Int) -> Bool {
    source[min(offset, source.count)...].starts(with: word.utf8)
  }

  private mutating func blank(to end: Int) {
    while position < min(end, source.count) {
      if code[position] != UInt8(ascii: "\n") { code[position] = UInt8(ascii: " ") }
      position += 1
    }
  }

  private mutating func readCode() {
    switch source[position] {
    case UInt8(ascii: "/") where starts("//", at: position):
      blank(to: source[position...].firstIndex(of: UInt8(ascii: "\n")) ?? source.count)
    case UInt8(ascii: "/") where starts("/*", at: position): readBlockComment()
    case UInt8(ascii: "\""), UInt8(ascii: "#"):
      if let quote = openingQuote() { readString(quote) } else { position += 1 }
    case UInt8(ascii: "("), UInt8(ascii: ")"): countParenthesis()
    default: position += 1
    }
  }

  private mutating func countParenthesis() {
    let byte = source[position]
    if !open.isEmpty, byte == UInt8(ascii: "(") { open[open.count - 1].depth += 1 }
    if !open.isEmpty, byte == UInt8(ascii: ")") {
      open[open.count - 1].depth -= 1
      if open[open.count - 1].depth == 0 {
        position += 1
        readRest(open.removeLast())
        return
      }
    }
    position += 1
  }

  private mutating func readBlockComment() {
    var depth = 0
    repeat {
      if starts("/*", at: position) {
        depth += 1
        blank(to: position + 2)
      } else if starts("*/", at: position) {
        depth -= 1
        blank(to: position + 2)
      } else {
        blank(to: position + 1)
      }
    } while depth > 0 && position < source.count
  }

  private func openingQuote() -> Quote? {
    let hashes = source[position...].prefix { $0 == UInt8(ascii: "#") }.count
    guard starts("\"", at: position + hashes) else { return nil }
    let isMultiline = starts("\"\"\"", at: position + hashes)
    return Quote(hashes: hashes, isMultiline: isMultiline, literal: literals.count)
  }

  private mutating func readString(_ quote: Quote) {
    literals.append(Literal(offset: position, text: "", isInterpolated: false))
    blank(to: position + quote.hashes + (quote.isMultiline ? 3 : 1))
    readRest(quote)
  }

  /// Up to the closing quotation mark, or into the next interpolation.
  private mutating func readRest(_ quote: Quote) {
    let hashes = String(repeating: "#", count: quote.hashes)
    let closing = (quote.isMultiline ? "\"\"\"" : "\"") + hashes
    let opening = "\\" + hashes + "("
    let start = position
    while position < source.count {
      guard source[position] == UInt8(ascii: "\\") || source[position] == UInt8(ascii: "\"") else {
        blank(to: position + 1)
        continue
      }
      if starts(opening, at: position) {
        keepText(from: start, of: quote)
        literals[quote.literal].isInterpolated = true
        blank(to: position + 1 + quote.hashes)
        open.append(quote)
        return
      }
      if starts(closing, at: position) {
        keepText(from: start, of: quote)
        return blank(to: position + closing.utf8.count)
      }
      blank(to: position + (source[position] == UInt8(ascii: "\\") && quote.hashes == 0 ? 2 : 1))
    }
  }

  private mutating func keepText(from start: Int, of quote: Quote) {
    guard !literals[quote.literal].isInterpolated else { return }
    literals[quote.literal].text = String(decoding: source[start..<position], as: UTF8.self)
  }
}

extension SwiftText {
  /// Offsets in the code at which `word` stands.
  func occurrences(of word: String) -> [Int] {
    let wanted = Array(word.utf8)
    var offsets: [Int] = []
    code.withUnsafeBytes { code in
      guard let start = code.baseAddress, let first = wanted.first else { return }
      var from = 0
      while let hit = memchr(start + from, Int32(first), code.count - from) {
        let offset = UnsafeRawPointer(hit) - start
        from = offset + 1
        if offset + wanted.count <= code.count, memcmp(hit, wanted, wanted.count) == 0 {
          offsets.append(offset)
        }
      }
    }
    return offsets
  }

  /// The nearest byte of code before `offset` that is not a space.
  func before(_ offset: Int) -> UInt8? {
    code[..<offset].last { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
  }

  /// The letters and digits that end just before `offset`, spaces in between forgiven.
  func word(before offset: Int) -> String {
    let end = code[..<offset].lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
    guard let end else { return "" }
    let start = code[...end].lastIndex { !Self.isNameByte($0) }.map { $0 + 1 } ?? 0
    return String(decoding: code[start..<max(start, end + 1)], as: UTF8.self)
  }

  static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: byte >= 0x80
    }
  }
}
