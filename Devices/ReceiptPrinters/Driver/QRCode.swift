// SPDX-License-Identifier: Apache-2.0

import CPango

/// QR codes (ISO/IEC 18004), error correction M, bytes as they are.
public enum QRCode {
  /// The modules without the quiet zone, a text of `0` and `1` for each row; nil for an
  /// empty payload or one that no QR code can hold (2,331 bytes).
  public static func rows(_ payload: String) -> [String]? {
    let bytes = Array(payload.utf8)
    guard !bytes.isEmpty, let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
    else { return nil }
    defer { QRcode_free(code) }
    let width = Int(code.pointee.width)
    guard let data = code.pointee.data else { return nil }
    return (0..<width).map { y in
      String((0..<width).map { x in data[y * width + x] & 1 == 1 ? "1" : "0" })
    }
  }
}
