// SPDX-License-Identifier: Apache-2.0

/// Codes that a scanner types as if it were a keyboard ("keyboard wedge"), from the kernel's
/// key events: US layout, shift, ending in Enter, Tab, or silence. A key that is no text in
/// this layout spoils the code: half a code must not pass for a whole one.
public struct KeyDecoder: CodeDecoder {
  /// `struct input_event` of linux/input.h with 64-bit times: 16 bytes of time, then type
  /// and code (16 bits each) and value (32 bits), in the machine's order.
  static let eventSize = 24
  private static let keys: UInt16 = 1
  private static let synchronisation: UInt16 = 0
  /// The kernel's buffer ran over and events are lost.
  private static let dropped: UInt16 = 3

  private var partial: PartialCode
  private var bytes: [UInt8] = []
  private var shifts: Set<UInt16> = []
  /// Control, Alt and Meta.
  private var others: Set<UInt16> = []

  public init(longest: Int) { partial = PartialCode(longest: longest) }

  public var isPartial: Bool { !partial.isEmpty || !bytes.isEmpty }

  public mutating func take(_ more: [UInt8]) -> [Decoded] {
    bytes += more
    var decoded: [Decoded] = []
    var place = 0
    while bytes.count - place >= Self.eventSize {
      let event = bytes[place..<place + Self.eventSize]
      place += Self.eventSize
      decoded += take(
        type: Self.number(event, 16), code: Self.number(event, 18), value: Self.number(event, 20))
    }
    bytes.removeFirst(place)
    return decoded
  }

  public mutating func fellSilent() -> [Decoded] {
    bytes = []
    return [partial.end()].compactMap { $0 }
  }

  private static func number(_ event: ArraySlice<UInt8>, _ place: Int) -> UInt16 {
    let low = event.startIndex + place
    return UInt16(littleEndian: UInt16(event[low]) | UInt16(event[low + 1]) << 8)
  }

  private mutating func take(type: UInt16, code: UInt16, value: UInt16) -> [Decoded] {
    if type == Self.synchronisation, code == Self.dropped {
      shifts = []
      others = []
      partial.spoil()
    }
    // 0 released, 1 pressed, 2 held down: nobody holds a scanner's key.
    guard type == Self.keys, value <= 1 else { return [] }
    let isPressed = value == 1
    switch code {
    case 42, 54: Self.hold(&shifts, code, isPressed)
    case 29, 97, 56, 100, 125, 126: Self.hold(&others, code, isPressed)
    // Caps Lock, Num Lock, Scroll Lock change nothing of the codes of keys.
    case 58, 69, 70: break
    case 28, 96, 15: return isPressed ? [partial.end()].compactMap { $0 } : []
    default: if isPressed { return press(code) }
    }
    return []
  }

  private mutating func press(_ code: UInt16) -> [Decoded] {
    guard others.isEmpty, let letter = USKeys.letter(code, shifted: !shifts.isEmpty) else {
      partial.spoil()
      return []
    }
    return [partial.append(CollectionOfOne(letter))].compactMap { $0 }
  }

  private static func hold(_ held: inout Set<UInt16>, _ code: UInt16, _ isPressed: Bool) {
    if isPressed { held.insert(code) } else { held.remove(code) }
  }
}

/// What the keys of linux/input-event-codes.h mean on a US keyboard.
enum USKeys {
  private static let rows: [(first: UInt16, plain: String, shifted: String)] = [
    (2, "1234567890-=", "!@#$%^&*()_+"), (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", "ASDFGHJKL:\"~"), (43, "\\", "|"), (44, "zxcvbnm,./", "ZXCVBNM<>?"),
    (57, " ", " "), (71, "789-456+1230.", "789-456+1230."), (55, "*", "*"), (98, "/", "/"),
  ]

  private static let letters: (plain: [UInt16: UInt8], shifted: [UInt16: UInt8]) = {
    var plain: [UInt16: UInt8] = [:]
    var shifted: [UInt16: UInt8] = [:]
    for row in rows {
      for (code, letter) in zip(row.first..., row.plain.utf8) { plain[code] = letter }
      for (code, letter) in zip(row.first..., row.shifted.utf8) { shifted[code] = letter }
    }
    return (plain, shifted)
  }()

  static func letter(_ code: UInt16, shifted: Bool) -> UInt8? {
    shifted ? letters.shifted[code] : letters.plain[code]
  }
}
