// SPDX-License-Identifier: Apache-2.0

import Records

/// Writes canonical JSON piece by piece, byte for byte what `Canonical.encode` would give.
/// For what is written with each envelope: there the general encoder takes a third as long
/// as all the cryptography (measured). Whoever writes an object gives its keys in order,
/// that of their bytes.
struct CanonicalWriter {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(1024) }

  mutating func object(_ members: (inout CanonicalWriter) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "{"))
    members(&self)
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func array<Element>(
    _ elements: [Element], _ write: (inout CanonicalWriter, Element) -> Void
  ) {
    separate()
    bytes.append(UInt8(ascii: "["))
    for element in elements { write(&self, element) }
    bytes.append(UInt8(ascii: "]"))
  }

  /// A name of ours, without a byte to be escaped; the value follows.
  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
  }

  /// Any name at all; the value follows.
  mutating func key(escaping name: String) {
    text(name)
    bytes.append(UInt8(ascii: ":"))
  }

  mutating func text(_ value: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    appendEscaped(value)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func number(_ value: Int64) {
    separate()
    bytes.append(contentsOf: String(value).utf8)
  }

  mutating func flag(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Puts a comma where something has gone before. Every value ends in another byte than
  /// those three, text in its quote.
  private mutating func separate() {
    switch bytes.last {
    case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"): break
    default: bytes.append(UInt8(ascii: ","))
    }
  }

  /// Only what RFC 8259, section 7, demands is escaped. Nearly no text holds such a byte, so
  /// that it goes over whole first.
  private mutating func appendEscaped(_ value: String) {
    let start = bytes.endIndex
    bytes.append(contentsOf: value.utf8)
    guard bytes[start...].contains(where: Self.mustBeEscaped) else { return }
    let plain = Array(bytes[start...])
    bytes.removeSubrange(start...)
    for byte in plain {
      if Self.mustBeEscaped(byte) {
        bytes.append(contentsOf: Self.escape(of: byte).utf8)
      } else {
        bytes.append(byte)
      }
    }
  }

  private static func mustBeEscaped(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static func escape(of byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): #"\""#
    case UInt8(ascii: "\\"): #"\\"#
    case 0x08: #"\b"#
    case 0x09: #"\t"#
    case 0x0A: #"\n"#
    case 0x0C: #"\f"#
    case 0x0D: #"\r"#
    default: #"\u00"# + Hex.text([byte])
    }
  }
}

extension CanonicalWriter {
  /// Nothing at all for nil, as the general encoder does it.
  mutating func member(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    key(name)
    text(value)
  }

  /// Nothing at all for nil.
  mutating func member(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    key(name)
    number(Int64(value))
  }
}
