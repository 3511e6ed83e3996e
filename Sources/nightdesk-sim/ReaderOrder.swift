// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /reader`: faults of the reader itself.
struct ReaderOrder: Order {
  static let keys: Set<String> = ["fault", "on", "findsReadCardAgain", "plug"]
  var fault: String?
  /// The request whose answer is spoilt: `find`, `select` or `read`; absent: the next one.
  var on: String?
  var findsReadCardAgain: Bool?
  /// `in` or `out`. Pulled in the middle of whatever it does.
  var plug: String?

  func carryOut(_ bench: Bench) throws {
    let kind = try known(fault, ReaderFault.Kind.init(rawValue:))
    let command = try known(on) { name -> ReaderCommand? in
      ["find": .find, "select": .select, "read": .read][name]
    }
    let isIn = try known(plug) { ["in": true, "out": false][$0] }
    if let kind { bench.reader.fail(ReaderFault(kind, on: command)) }
    if let findsReadCardAgain { bench.reader.set(findsReadCardAgain: findsReadCardAgain) }
    switch isIn {
    case true?: try plugIn(bench.reader)
    case false?: bench.reader.unplug()
    case nil: break
    }
  }

  private func plugIn(_ reader: ReaderHost) throws {
    do {
      try reader.plug()
    } catch {
      throw BadOrder(sentence: Complaint(error).description)
    }
  }
}
