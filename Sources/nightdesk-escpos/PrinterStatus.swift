// SPDX-License-Identifier: Apache-2.0

/// Why a slip is not, or not certainly, on paper. The words kioskd reads.
enum Trouble: String {
  case outOfPaper, coverOpen, cutter, offline, overheated, spooler, cancelled, silent
}

/// The four answers to DLE EOT 1 to 4 (printer, cause of being off line, error, paper).
/// Bits as in Epson's and Bixolon's manuals; every answer bears the fixed bits 0xx1xx10.
struct PrinterStatus: Equatable {
  private(set) var bytes: [UInt8] = []

  static func request(_ number: UInt8) -> [UInt8] { [0x10, 0x04, number] }

  static func isAnswer(_ byte: UInt8) -> Bool { byte & 0x93 == 0x12 }

  /// An answer to GS r 1. Bit 4 and bit 7 are fixed to 0.
  static func isInOrderAnswer(_ byte: UInt8) -> Bool { byte & 0x90 == 0 }

  init(_ bytes: [UInt8] = []) { self.bytes = bytes }

  mutating func take(_ byte: UInt8) { bytes.append(byte) }

  private func has(_ number: Int, _ bits: UInt8) -> Bool {
    bytes.count >= number && bytes[number - 1] & bits != 0
  }

  /// What a person can mend, the cover first: with an open cover the paper's sensor
  /// tells nothing.
  var cause: Trouble? {
    if has(2, 0x04) { return .coverOpen }
    if has(4, 0x60) || has(2, 0x20) { return .outOfPaper }
    if has(3, 0x28) { return .cutter }
    if has(3, 0x40) { return .overheated }
    return nil
  }

  /// Also a printer that says it is off line or in error without saying why.
  var trouble: Trouble? {
    cause ?? (has(1, 0x08) || has(2, 0x40) ? .offline : nil)
  }

  var isPaperLow: Bool { has(4, 0x0C) }

  /// `12 12 12 72`
  var text: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
