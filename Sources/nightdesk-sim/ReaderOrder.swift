// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /reader`: faults of the reader itself.
struct ReaderOrder: Order {
  static let keys: Set<String> = ["fault", "on", "findsReadCardAgain"]
  var fault: String?
  /// The request whose answer is spoilt: `find`, `select` or `read`; absent: the next one.
  var on: String?
  var findsReadCardAgain: Bool?

  func carryOut(_ bench: Bench) throws {
    let kind = try known(fault, ReaderFault.Kind.init(rawValue:))
    let command = try known(on) { name -> ReaderCommand? in
      ["find": .find, "select": .select, "read": .read][name]
    }
    if let kind { bench.reader.fail(ReaderFault(kind, on: command)) }
    if let findsReadCardAgain { bench.reader.set(findsReadCardAgain: findsReadCardAgain) }
  }
}
