// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records

extension [UInt8] {
  var blob: Data { Data(self) }
}

extension Row {
  func bytes(_ column: String) -> [UInt8] { [UInt8](self[column] as Data) }
}

/// What names an envelope in a row of the ledger.
struct EnvelopeKey {
  let id: EnvelopeID
  let number: CaseNumber
  let kind: EnvelopeKind

  init(row: Row) throws {
    guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String),
      let kind = EnvelopeKind(rawValue: row["kind"])
    else { throw StoreFault.broken }
    self.id = id
    self.number = number
    self.kind = kind
  }
}

extension Envelope {
  init(row: Row) throws {
    let key = try EnvelopeKey(row: row)
    let follows = row.bytes("follows")
    let after = stride(from: 0, to: follows.count, by: 16)
      .compactMap { EnvelopeID(bytes: Array(follows[$0..<$0 + 16])) }
    self.init(
      id: key.id, number: key.number, kind: key.kind, after: after, header: row.bytes("header"),
      routing: row.bytes("routing"), content: row.bytes("content"), signature: row.bytes("signature"))
  }
}
