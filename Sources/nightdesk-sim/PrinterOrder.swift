// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /printer`.
struct PrinterOrder: Order {
  static let keys: Set<String> = ["paper", "cover", "holdStatus", "dotsLeft"]
  var paper: String?
  var cover: String?
  var holdStatus: Bool?
  var dotsLeft: Int?

  func carryOut(_ bench: Bench) throws {
    let level = try known(paper, PrinterSimulator.PaperLevel.init(rawValue:))
    let open = try known(cover) { ["open": true, "closed": false][$0] }
    if let level { bench.printer.set(paper: level) }
    if let dotsLeft { bench.printer.set(dotsLeft: dotsLeft) }
    if let open { bench.printer.set(coverOpen: open) }
    if let holdStatus { bench.printer.set(holding: holdStatus) }
  }
}
