// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records

extension [UInt8] {
  var blob: Data { Data(self) }
}

extension Row {
  func bytes(_ column: String) -> [UInt8] { [UInt8](self[column] as Data) }

  func time(_ column: String) -> Timestamp? {
    (self[column] as Int64?).map { Timestamp(milliseconds: $0) }
  }
}

extension Database {
  func exists(_ sql: String, _ arguments: StatementArguments) throws -> Bool {
    try Int.fetchOne(cachedStatement(sql: sql), arguments: arguments) != nil
  }

  func run(_ sql: String, _ arguments: StatementArguments = StatementArguments()) throws {
    try cachedStatement(sql: sql).execute(arguments: arguments)
  }
}

extension Envelope {
  init(row: Row) throws {
    let follows = row.bytes("follows")
    let after = stride(from: 0, to: follows.count, by: 16)
      .compactMap { EnvelopeID(bytes: Array(follows[$0..<$0 + 16])) }
    guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String),
      let kind = EnvelopeKind(rawValue: row["kind"])
    else { throw StoreFault.broken }
    self.init(
      id: id, number: number, kind: kind, after: after, header: row.bytes("header"),
      routing: row.bytes("routing"), content: row.bytes("content"), signature: row.bytes("signature"))
  }
}

extension Allotment {
  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
  static let last = 36 * 36 * 36 * 36 - 1

  /// The `ordinal`th block, from 1; four characters of base 36.
  init?(ordinal: Int) {
    guard (1...Self.last).contains(ordinal) else { return nil }
    let places = [36 * 36 * 36, 36 * 36, 36, 1]
    self.init(String(places.map { Self.digits[ordinal / $0 % 36] }))
  }
}
