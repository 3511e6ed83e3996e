// SPDX-License-Identifier: Apache-2.0

/// Codes in the reports of a HID POS scanner (usage page 8C), each taken whole: one call of
/// `take` is one report. A code may go over several; after silence in between it is lost.
public struct ReportDecoder: CodeDecoder {
  private let layout: ScannerReport
  private var partial: PartialCode
  private var isContinued = false
  /// How many bytes later than usual the data of the report before began.
  private var shift = 0

  /// - Parameter descriptor: the device's; where it names no decoded data, or is none, the
  ///   common layout of 64 bytes is taken.
  public init(descriptor: [UInt8], longest: Int) {
    layout = ReportDescriptor(descriptor).flatMap { ScannerReport($0) } ?? .common
    partial = PartialCode(longest: longest)
  }

  public var isPartial: Bool { isContinued || !partial.isEmpty }

  public mutating func take(_ report: [UInt8]) -> [Decoded] {
    // Triggers and other reports.
    guard layout.isMeant(report) else { return [] }
    guard let piece = layout.piece(of: report, &shift) else {
      partial.spoil()
      return end()
    }
    let tooLong = [partial.append(piece.data)].compactMap { $0 }
    isContinued = piece.isContinued
    return isContinued ? tooLong : tooLong + end()
  }

  public mutating func fellSilent() -> [Decoded] {
    partial.spoil()
    return end()
  }

  private mutating func end() -> [Decoded] {
    isContinued = false
    shift = 0
    return [partial.end().flatMap(Self.trimmed)].compactMap { $0 }
  }

  /// Without the line end that some scanners put behind here too.
  private static func trimmed(_ decoded: Decoded) -> Decoded? {
    guard case .code(let bytes) = decoded else { return decoded }
    let end = bytes.lastIndex { $0 != 0x0D && $0 != 0x0A }
    return end.map { .code(Array(bytes[...$0])) }
  }
}

/// Where in a report the code stands.
struct ScannerReport: Sendable {
  /// Nil where reports have no number.
  private let number: UInt8?
  /// Bytes from the beginning of the report, its number counted.
  private let data: Int
  private let longest: Int
  private let length: Int?
  /// A byte, and a bit in it.
  private let more: (byte: Int, mask: UInt8)?
  /// Whether the `]` of the AIM identifier three bytes before the data may be one late.
  private let mayShift: Bool

  /// As a maker's manual shows it (Access-IS LSR118, p. 68) and others do it: 64 bytes,
  /// number 2, length, three characters that say which kind of code, data, and in the last
  /// byte whether more follows. Some put the kind, and all behind it, one byte later
  /// (NielsLeenheer/WebHidBarcodeScanner).
  static let common = ScannerReport(
    number: 2, data: 5, longest: 56, length: 1, more: (63, 1), mayShift: true)

  private init(
    number: UInt8?, data: Int, longest: Int, length: Int?, more: (byte: Int, mask: UInt8)?,
    mayShift: Bool
  ) {
    self.number = number
    self.data = data
    self.longest = longest
    self.length = length
    self.more = more
    self.mayShift = mayShift
  }

  private static let decodedData: UInt32 = 0x008C_00FE
  private static let decodedDataContinued: UInt32 = 0x008C_00FF
  /// Byte Count, of the page for generic desktops.
  private static let byteCount: UInt32 = 0x0001_003B

  /// Nil where no field of whole bytes is decoded data (HID POS Usage Tables 1.02).
  init?(_ descriptor: ReportDescriptor) {
    guard
      let field = descriptor.inputs.first(where: { $0.usages.first == Self.decodedData }),
      field.bits == 8, field.bit.isMultiple(of: 8), field.count > 0
    else { return nil }
    let head = descriptor.areNumbered ? 1 : 0
    let fellows = descriptor.inputs.filter { $0.report == field.report }
    let length = fellows.lazy.filter { $0.bits == 8 }.compactMap { $0.place(of: Self.byteCount) }
      .first { $0.isMultiple(of: 8) }
    let more = fellows.lazy.compactMap { $0.place(of: Self.decodedDataContinued) }.first
    self.init(
      number: descriptor.areNumbered ? field.report : nil, data: head + field.bit / 8,
      longest: field.count, length: length.map { head + $0 / 8 },
      more: more.map { (byte: head + $0 / 8, mask: UInt8(1) << UInt8($0 % 8)) }, mayShift: false)
  }

  func isMeant(_ report: [UInt8]) -> Bool { number == nil || report.first == number }

  /// Nil for a report that says more than is in it.
  func piece(of report: [UInt8], _ shift: inout Int) -> (data: ArraySlice<UInt8>, isContinued: Bool)? {
    if mayShift, report.count > 3 {
      if report[2] == UInt8(ascii: "]") { shift = 0 } else if report[3] == UInt8(ascii: "]") { shift = 1 }
    }
    let start = data + shift
    let most = min(longest, report.count - start)
    guard most > 0, more.map({ $0.byte < report.count }) ?? true else { return nil }
    let isContinued = more.map { report[$0.byte] & $0.mask != 0 } ?? false
    guard let length else {
      let room = report[start..<start + most]
      // Padded with zeros; a report that is followed by another one is full.
      return (isContinued ? room : room[..<((room.lastIndex { $0 != 0 } ?? start - 1) + 1)], isContinued)
    }
    let count = Int(report[length])
    guard count <= most else { return nil }
    return (report[start..<start + count], isContinued)
  }
}
