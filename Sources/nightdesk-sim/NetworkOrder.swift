// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /network`.
struct NetworkOrder: Order {
  static let keys: Set<String> = ["mode"]
  var mode: String?

  func carryOut(_ bench: Bench) throws {
    guard let mode = try known(mode, CutProxy.Mode.init(rawValue:)) else { return }
    do {
      try bench.proxy.set(mode)
    } catch {
      throw BadOrder(sentence: Complaint(error).description)
    }
  }
}
