// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /network`: for the terminals' way to the centre and the way to its time alike, or for
/// one of them (`way`: `terminals` or `time`).
struct NetworkOrder: Order {
  static let keys: Set<String> = ["mode", "way"]
  var mode: String?
  var way: String?

  func carryOut(_ bench: Bench) throws {
    let both = [bench.proxy, bench.timeProxy].compactMap(\.self)
    let chosen = try known(way) { word in
      ["terminals": [bench.proxy], "time": bench.timeProxy.map { [$0] } ?? []][word]
    }
    guard let mode = try known(mode, CutProxy.Mode.init(rawValue:)) else { return }
    for proxy in chosen ?? both {
      do {
        try proxy.set(mode)
      } catch {
        throw BadOrder(sentence: Complaint(error).description)
      }
    }
  }
}
