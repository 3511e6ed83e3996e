// SPDX-License-Identifier: Apache-2.0

/// Key events as the kernel gives them for a scanner that types.
enum Typing {
  /// One event of linux/input.h.
  static func event(_ type: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
    [UInt8](repeating: 0x11, count: 16) + bytes(type) + bytes(code) + bytes(value)
  }

  static func key(_ code: UInt16) -> [UInt8] {
    // EV_MSC comes along with each key; EV_SYN ends each packet.
    event(4, 4, Int32(code)) + event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0)
  }

  static func shifted(_ code: UInt16) -> [UInt8] { event(1, 42, 1) + key(code) + event(1, 42, 0) }

  static let enter = key(28)

  /// The keys for `text`, of which each character stands on a US keyboard.
  static func text(_ text: String) -> [UInt8] { text.flatMap { keys[$0] ?? [] } }

  /// Written out by hand from linux/input-event-codes.h, not taken from the driver.
  private static let keys: [Character: [UInt8]] = {
    var keys: [Character: [UInt8]] = [" ": key(57)]
    let plain: [(UInt16, String)] = [
      (2, "1234567890-="), (16, "qwertyuiop[]"), (30, "asdfghjkl;'`"), (43, "\\zxcvbnm,./"),
    ]
    let upper: [(UInt16, String)] = [
      (2, "!@#$%^&*()_+"), (16, "QWERTYUIOP{}"), (30, "ASDFGHJKL:\"~"), (43, "|ZXCVBNM<>?"),
    ]
    for (first, letters) in plain {
      for (code, letter) in zip(first..., letters) { keys[letter] = key(code) }
    }
    for (first, letters) in upper {
      for (code, letter) in zip(first..., letters) { keys[letter] = shifted(code) }
    }
    return keys
  }()

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number) { Array($0) }
  }
}
