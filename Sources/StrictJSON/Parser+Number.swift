// SPDX-License-Identifier: Apache-2.0

extension Parser {
  private static let longest = 400

  /// The characters of a number, checked against the grammar of RFC 8259, section 6.
  mutating func number() throws(Misfit) -> String {
    let start = position
    if byte == UInt8(ascii: "-") { position += 1 }
    if byte == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits()
    }
    if byte == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
      position += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    guard position - start <= Self.longest else { throw misfit(.tooLarge, at: start) }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// At least one digit.
  private mutating func digits() throws(Misfit) {
    let start = position
    while let byte, (0x30...0x39).contains(byte) { position += 1 }
    guard position > start else { throw misfit(.syntax) }
  }
}
