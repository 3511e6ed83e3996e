// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /reader`: faults of the reader itself, and what kind of reader it is.
struct ReaderOrder: Order {
  static let keys: Set<String> = [
    "fault", "on", "status", "times", "plugged", "presence", "findsReadCardAgain", "fingerprints",
  ]
  var fault: String?
  /// The request whose answer is spoilt: `find`, `select`, `read`, `address`, `reset`, `state` or
  /// `moduleID`; absent: the next one.
  var on: String?
  /// Two hexadecimal digits, with the fault `status`.
  var status: String?
  /// So many answers are spoilt; absent: one.
  var times: Int?
  /// False pulls its cable, true puts it back in.
  var plugged: Bool?
  /// How one sees that a card lies there: `find`, `address` or `none`.
  var presence: String?
  var findsReadCardAgain: Bool?
  /// Bytes of fingerprints with each read: 0, 512 or 1024; negative leaves them out.
  var fingerprints: Int?

  func carryOut(_ bench: Bench) throws {
    let faults = try spoilt()
    let ways = try known(presence) { name in
      ["find": (true, false), "address": (false, true), "none": (false, false)][name]
    }
    if let fingerprints, fingerprints >= 0, ![0, 512, 1024].contains(fingerprints) {
      throw BadOrder(sentence: "fingerprints come in 0, 512 or 1024 bytes")
    }
    faults.forEach { bench.reader.fail($0) }
    bench.reader.set { reader in
      if let ways { (reader.findsReadCardAgain, reader.knowsAddress) = ways }
      if let findsReadCardAgain { reader.findsReadCardAgain = findsReadCardAgain }
      if let fingerprints { reader.fingerprintBytes = fingerprints < 0 ? nil : fingerprints }
    }
    try plug(bench)
  }

  private func spoilt() throws -> [ReaderFault] {
    let kind = try known(fault, ReaderFault.Kind.init(rawValue:))
    let command = try known(on) { name -> ReaderCommand? in
      [
        "find": .find, "select": .select, "read": .read, "address": .additionalAddress,
        "reset": .reset, "state": .status, "moduleID": .moduleID,
      ][name]
    }
    let code = try known(status) { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
    guard (kind == .status) == (code != nil) else {
      throw BadOrder(sentence: "the fault status needs a status, and no other has one")
    }
    guard (1...10_000).contains(times ?? 1) else { throw BadOrder(sentence: "times is 1 to 10000") }
    guard let kind else { return [] }
    return Array(repeating: ReaderFault(kind, on: command, code: code ?? 0), count: times ?? 1)
  }

  private func plug(_ bench: Bench) throws {
    guard let plugged else { return }
    guard plugged else { return bench.reader.unplug() }
    do {
      try bench.reader.plug()
    } catch {
      throw BadOrder(sentence: Complaint(error).description)
    }
  }
}
