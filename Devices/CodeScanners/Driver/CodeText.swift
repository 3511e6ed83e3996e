// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Text of codes: strict UTF-8 if it is that, else GB 18030, which Chinese makers' codes
/// still use. Neither says which it is.
public enum CodeText {
  /// Nil for what is neither, or holds control characters.
  public static func text(_ bytes: [UInt8]) -> String? {
    guard let text = String(validating: bytes, as: UTF8.self) ?? ofGB18030(bytes) else { return nil }
    return text.unicodeScalars.contains { $0.properties.generalCategory == .control } ? nil : text
  }

  /// By glibc's converter (gconv module GB18030), which stops at what is no character.
  static func ofGB18030(_ bytes: [UInt8]) -> String? {
    let converter = iconv_open("UTF-8", "GB18030")
    guard converter != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(converter) }
    var input = bytes.map { CChar(bitPattern: $0) }
    // A character of two bytes takes three in UTF-8 at most, one of one byte takes one.
    var output = [CChar](repeating: 0, count: bytes.count * 2 + 4)
    var left = input.count
    var room = output.count
    let converted = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        var from = input.baseAddress
        var to = output.baseAddress
        return iconv(converter, &from, &left, &to, &room)
      }
    }
    guard converted != -1, left == 0 else { return nil }
    let text = output.prefix(output.count - room).map { UInt8(bitPattern: $0) }
    return String(validating: text, as: UTF8.self)
  }

  /// Capitals.
  public static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
  }

  /// Nil unless these are pairs of digits and capitals.
  static func bytes(hexadecimal text: Substring) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = value(digits[index]), let low = value(digits[index + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    default: nil
    }
  }
}
