// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /scanner`: a code is held before the scanner, or the scanner goes wrong.
struct ScannerOrder: Order {
  static let keys: Set<String> = ["code", "flood", "plugged"]
  /// Text of the code.
  var code: String?
  /// So many bytes without an end, at most 16 MiB.
  var flood: Int?
  var plugged: Bool?

  func carryOut(_ bench: Bench) throws {
    guard let scanner = bench.scanner else {
      throw BadOrder(sentence: "this bench has no scanner: start it with --scanner-tty")
    }
    guard (0...16_777_216).contains(flood ?? 0) else {
      throw BadOrder(sentence: "a flood has 0 … 16777216 bytes")
    }
    do {
      if let plugged { if plugged { try scanner.plug() } else { scanner.unplug() } }
    } catch {
      throw BadOrder(sentence: Complaint(error).description)
    }
    if let code { scanner.scan(Array(code.utf8)) }
    if let flood { scanner.flood(bytes: flood) }
  }
}
