// SPDX-License-Identifier: Apache-2.0

/// What the first bytes of a command say about the rest of it.
enum CommandShape: Hashable {
  /// More bytes are needed to know.
  case more
  case whole(PrinterCommand)
  /// So many more bytes belong to it, whatever they hold.
  case payload(Int)
  /// It runs to a NUL.
  case untilNul
  case raster(mode: UInt8, rowBytes: Int, rows: Int)

  /// `head` is never empty and grows byte by byte until the answer is not `.more`.
  static func of(_ head: [UInt8]) -> CommandShape {
    switch head[0] {
    case 0x0A: .whole(.lineFeed)
    case 0x10: head.count < 2 ? .more : realTime(head)
    case 0x1B: head.count < 2 ? .more : escape(head)
    case 0x1C: head.count < 2 ? .more : chinese(head)
    case 0x1D: head.count < 2 ? .more : group(head)
    case 0x00...0x1F: .whole(.setting)
    default: .whole(.text)
    }
  }

  private static func realTime(_ head: [UInt8]) -> CommandShape {
    switch (head[1], head.count) {
    case (0x04, 2), (0x05, 2), (0x14, 2): .more
    case (0x04, _): .whole(.realTimeStatus(head[2]))
    case (0x05, _): .whole(.realTimeRecover(clears: head[2] == 2))
    case (0x14, _): head[2] == 8 ? .payload(7) : .payload(2)
    default: .whole(.unknown)
    }
  }

  private static func escape(_ head: [UInt8]) -> CommandShape {
    switch head[1] {
    case 0x40: .whole(.initialise)
    case 0x32: .whole(.lineSpacing(30))
    case 0x69: .whole(.cut(.full, feed: 0))
    case 0x6D: .whole(.cut(.partial, feed: 0))
    case 0x33: head.count < 3 ? .more : .whole(.lineSpacing(Int(head[2])))
    case 0x4A: head.count < 3 ? .more : .whole(.feedDots(Int(head[2])))
    case 0x64: head.count < 3 ? .more : .whole(.feedLines(Int(head[2])))
    case 0x44: .untilNul
    case 0x2A: head.count < 5 ? .more : .payload(twoBytes(head) * (head[2] < 32 ? 1 : 3))
    default: setting(escapeParameters[head[1]], head)
    }
  }

  private static func chinese(_ head: [UInt8]) -> CommandShape {
    head[1] == 0x28 ? sized(head) : setting(chineseParameters[head[1]], head)
  }

  private static func group(_ head: [UInt8]) -> CommandShape {
    switch head[1] {
    case 0x76: raster(head)
    case 0x56: cut(head)
    case 0x72: head.count < 3 ? .more : .whole(.orderedStatus(head[2]))
    case 0x28: sized(head)
    case 0x38: head.count < 7 ? .more : .payload(twoBytes(head) + Int(head[5]) << 16)
    case 0x2A: head.count < 4 ? .more : .payload(Int(head[2]) * Int(head[3]) * 8)
    case 0x6B: barcode(head)
    default: setting(groupParameters[head[1]], head)
    }
  }

  private static func raster(_ head: [UInt8]) -> CommandShape {
    guard head.count > 2 else { return .more }
    guard head[2] == 0x30 else { return .whole(.unknown) }
    guard head.count == 8 else { return .more }
    return .raster(
      mode: head[3], rowBytes: Int(head[5]) << 8 | Int(head[4]),
      rows: Int(head[7]) << 8 | Int(head[6]))
  }

  private static func cut(_ head: [UInt8]) -> CommandShape {
    guard head.count > 2 else { return .more }
    switch head[2] {
    case 0, 48: return .whole(.cut(.full, feed: 0))
    case 1, 49: return .whole(.cut(.partial, feed: 0))
    case 65, 97, 103: return head.count < 4 ? .more : .whole(.cut(.full, feed: Int(head[3])))
    case 66, 98, 104: return head.count < 4 ? .more : .whole(.cut(.partial, feed: Int(head[3])))
    default: return .whole(.unknown)
    }
  }

  private static func barcode(_ head: [UInt8]) -> CommandShape {
    guard head.count > 2 else { return .more }
    if head[2] < 65 { return .untilNul }
    return head.count < 4 ? .more : .payload(Int(head[3]))
  }

  /// GS ( and FS ( carry their own length.
  private static func sized(_ head: [UInt8]) -> CommandShape {
    head.count < 5 ? .more : .payload(twoBytes(head))
  }

  private static func twoBytes(_ head: [UInt8]) -> Int { Int(head[4]) << 8 | Int(head[3]) }

  private static func setting(_ parameters: Int?, _ head: [UInt8]) -> CommandShape {
    guard let parameters else { return .whole(.unknown) }
    return head.count < 2 + parameters ? .more : .whole(.setting)
  }

  private static let escapeParameters: [UInt8: Int] = [
    0x20: 1, 0x21: 1, 0x24: 2, 0x25: 1, 0x2D: 1, 0x3C: 0, 0x3D: 1, 0x3F: 1, 0x45: 1, 0x47: 1,
    0x4B: 1, 0x4C: 0, 0x4D: 1, 0x52: 1, 0x53: 0, 0x54: 1, 0x55: 1, 0x56: 1, 0x57: 8, 0x5C: 2,
    0x61: 1, 0x63: 2, 0x65: 1, 0x70: 3, 0x72: 1, 0x74: 1, 0x75: 1, 0x76: 0, 0x7B: 1,
  ]
  private static let chineseParameters: [UInt8: Int] = [
    0x0E: 0, 0x14: 0, 0x21: 1, 0x26: 0, 0x2D: 1, 0x2E: 0, 0x43: 1, 0x53: 2, 0x57: 1, 0x70: 2,
  ]
  private static let groupParameters: [UInt8: Int] = [
    0x21: 1, 0x23: 1, 0x24: 2, 0x2F: 1, 0x3A: 0, 0x42: 1, 0x48: 1, 0x49: 1, 0x4C: 2, 0x50: 2,
    0x57: 2, 0x5C: 2, 0x5E: 3, 0x61: 1, 0x62: 1, 0x66: 1, 0x68: 1, 0x77: 1,
  ]
}
