// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Records

/// The allotments that ledgers of this terminal have ever numbered from: a small file
/// outside the ledger, which outlives it, so that a new ledger gives no number again that
/// an old one has told. One allotment a line.
struct AllotmentRecord: Sendable {
  let path: String

  /// Throws `broken` when a line is no allotment: what cannot be read may have been used.
  func used() throws(OpenFault) -> [Allotment] {
    let bytes = try DurableFile.read(path) ?? []
    var used: [Allotment] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let allotment = Allotment(String(decoding: line, as: UTF8.self)) else { throw .broken }
      used.append(allotment)
    }
    return used
  }

  /// On return `allotments` are on the disk as the ones used.
  func keep(_ allotments: [Allotment]) throws(OpenFault) {
    let lines = allotments.map { $0.text + "\n" }.joined()
    try DurableFile.replace(path, with: Array(lines.utf8))
  }
}
