// SPDX-License-Identifier: Apache-2.0

/// The status bytes. In real-time answers bits 1 and 4 are always set, bits 0 and 7 never
/// (`b & 93h == 12h`).
extension PrinterSimulator {
  /// DLE EOT n; nil for kinds this printer does not answer.
  func realTimeStatus(_ kind: UInt8) -> UInt8? {
    let plain: UInt8 = 0x12
    switch kind {
    case 1: return plain | (paper == .out || coverOpen ? 0x08 : 0)
    case 2: return plain | (coverOpen ? 0x04 : 0) | (paper == .out ? 0x20 : 0)
    case 3: return plain
    case 4:
      switch paper {
      case .ok: return plain
      case .nearEnd: return plain | 0x0C
      case .out: return plain | 0x60
      }
    default: return nil
    }
  }

  /// GS r n: 1 paper, 2 drawer. Never asked with the paper out: the printer rests then.
  func orderedStatus(_ kind: UInt8) -> UInt8? {
    switch kind {
    case 1, 49: paper == .nearEnd ? 0x03 : 0x00
    case 2, 50: 0x00
    default: nil
    }
  }
}
