// SPDX-License-Identifier: Apache-2.0

/// What the input reports of a HID look like (Device Class Definition for HID 1.11, 6.2.2).
public struct ReportDescriptor: Hashable, Sendable {
  public struct Field: Hashable, Sendable {
    /// The report's number; 0 where reports have none.
    public var report: UInt8
    /// From the beginning of the report, its number not counted.
    public var bit: Int
    public var bits: Int
    public var count: Int
    /// Usage page in the upper 16 bits. The last one holds for all that are left.
    public var usages: [UInt32]

    /// The bits of the element that has this usage.
    func place(of usage: UInt32) -> Int? {
      usages.firstIndex(of: usage).flatMap { $0 < count ? bit + $0 * bits : nil }
    }
  }

  public private(set) var inputs: [Field] = []
  public private(set) var areNumbered = false

  /// The kernel takes no longer descriptor (HID_MAX_DESCRIPTOR_SIZE) nor report.
  private static let longest = 4096
  private static let mostBits = 16_384 * 8
  private static let mostUsages = 256
  private static let deepest = 16

  /// Nil for what breaks off in the middle of an item, or describes more than there can be.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count <= Self.longest else { return nil }
    var reading = Reading()
    var place = 0
    while place < bytes.count {
      let prefix = bytes[place]
      // A long item: its size, its tag, its data. None is defined.
      if prefix == 0xFE {
        guard place + 2 < bytes.count else { return nil }
        place += 3 + Int(bytes[place + 1])
        continue
      }
      let size = [0, 1, 2, 4][Int(prefix & 3)]
      guard place + 1 + size <= bytes.count else { return nil }
      let value = bytes[place + 1..<place + 1 + size].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      guard take(prefix & 0xFC, value, size, &reading) else { return nil }
      place += 1 + size
    }
    guard place == bytes.count else { return nil }
  }

  private struct Globals {
    var page: UInt32 = 0
    var bits = 0
    var count = 0
    var report: UInt8 = 0
  }

  private struct Reading {
    var globals = Globals()
    var pushed: [Globals] = []
    var usages: [UInt32] = []
    var least: UInt32?
    var used: [UInt8: Int] = [:]
  }

  /// False for what cannot be.
  private mutating func take(_ tag: UInt8, _ value: UInt32, _ size: Int, _ reading: inout Reading) -> Bool {
    switch tag {
    case 0x04: reading.globals.page = value & 0xFFFF
    case 0x74: reading.globals.bits = Int(min(value, 0xFFFF))
    case 0x94: reading.globals.count = Int(value)
    case 0x84:
      guard (1...255).contains(value) else { return false }
      reading.globals.report = UInt8(value)
      areNumbered = true
    case 0xA4:
      guard reading.pushed.count < Self.deepest else { return false }
      reading.pushed.append(reading.globals)
    case 0xB4:
      guard let globals = reading.pushed.popLast() else { return false }
      reading.globals = globals
    case 0x08: note(Self.usage(value, size, reading), &reading)
    case 0x18: reading.least = Self.usage(value, size, reading)
    case 0x28: return noteRange(to: Self.usage(value, size, reading), &reading)
    case 0x80: return addInput(&reading)
    // Output, feature, collection and its end take the usages before them.
    case 0x90, 0xB0, 0xA0, 0xC0: forgetLocals(&reading)
    default: break
    }
    return true
  }

  private static func usage(_ value: UInt32, _ size: Int, _ reading: Reading) -> UInt32 {
    size == 4 ? value : reading.globals.page << 16 | value
  }

  /// More than so many nobody asks for; they are left out.
  private func note(_ usage: UInt32, _ reading: inout Reading) {
    if reading.usages.count < Self.mostUsages { reading.usages.append(usage) }
  }

  private func noteRange(to most: UInt32, _ reading: inout Reading) -> Bool {
    guard let least = reading.least, least <= most else { return false }
    for usage in (least...most).prefix(Self.mostUsages) { note(usage, &reading) }
    reading.least = nil
    return true
  }

  private mutating func addInput(_ reading: inout Reading) -> Bool {
    defer { forgetLocals(&reading) }
    let globals = reading.globals
    let start = reading.used[globals.report] ?? 0
    let (size, isTooMuch) = globals.bits.multipliedReportingOverflow(by: globals.count)
    guard !isTooMuch, size <= Self.mostBits - start else { return false }
    reading.used[globals.report] = start + size
    inputs.append(
      Field(
        report: globals.report, bit: start, bits: globals.bits, count: globals.count,
        usages: reading.usages))
    return true
  }

  private func forgetLocals(_ reading: inout Reading) {
    reading.usages = []
    reading.least = nil
  }
}
