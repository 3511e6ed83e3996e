// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records

@testable import Storage

/// Ledgers as former programs left them.
extension LedgerBench {
  /// Of the first form: two filings numbered from the enrolment's own allotment, the first
  /// told, at the centre and printed, the second refused.
  func writeFirstForm() async throws -> [CaseNumber] {
    let file = try DurableDatabase.open(
      path: path, migrations: Array(LedgerSchema.migrations.prefix(1)), outcomeUnknown: {})
    guard let allotment = Allotment("00A7") else { throw StoreFault.broken }
    let numbers = (1...2).compactMap {
      CaseNumber(area: "320507", allotment: allotment, day: Self.day, sequence: $0)
    }
    let rows = [(numbers[0], "application"), (numbers[1], "application"), (numbers[0], "told")]
    try await file.write { database in
      for (index, (number, kind)) in rows.enumerated() {
        try database.execute(
          sql: "INSERT INTO envelope VALUES (?, ?, ?, ?, x'', ?, x'01', x'02', x'03', zeroblob(64))",
          arguments: [
            index + 1, Data(repeating: UInt8(index + 1), count: 16), number.description, kind, Self.noon,
          ])
      }
      try database.execute(
        sql: """
          INSERT INTO outbox VALUES (1, 'sent', NULL, 5), (2, 'refused', 'why', 6), (3, 'waiting', NULL, NULL);
          INSERT INTO slip VALUES ('\(String(repeating: "a", count: 32))', 1, 'printed', NULL);
          INSERT INTO sequence VALUES ('00A7', '\(Self.day.digits)', 3);
          """)
    }
    try file.close()
    return numbers
  }

  /// Of the third form: the first of four filings pruned; the second told, printed and at the
  /// centre; the third untold and waiting; the fourth refused, its told waiting. One number was
  /// never filed.
  func writeThirdForm() async throws -> [CaseNumber] {
    let file = try DurableDatabase.open(
      path: path, migrations: Array(LedgerSchema.migrations.prefix(3)), outcomeUnknown: {})
    guard let allotment = Allotment("00A7") else { throw StoreFault.broken }
    let numbers = (1...4).compactMap {
      CaseNumber(area: "320507", allotment: allotment, day: Self.day, sequence: $0)
    }
    let rows = [
      (numbers[1], "application"), (numbers[1], "told"), (numbers[2], "withdrawal"),
      (numbers[3], "correction"), (numbers[3], "told"),
    ]
    try await file.write { database in
      for (index, (number, kind)) in rows.enumerated() {
        try database.execute(
          sql: """
            INSERT INTO envelope
            VALUES (?, ?, ?, ?, x'', ?, 'running', x'01', x'02', x'03', zeroblob(64))
            """,
          arguments: [
            index + 4, Data(repeating: UInt8(index + 4), count: 16), number.description, kind, Self.noon,
          ])
        try database.execute(
          sql: "INSERT INTO outbox (row, state) VALUES (?, 'waiting')", arguments: [index + 4])
      }
      let jobs = ["a", "b", "c"].map { String(repeating: $0, count: 32) }
      try database.execute(
        sql: """
          UPDATE outbox SET state = 'sent', settled_at = 5 WHERE row IN (4, 5);
          UPDATE outbox SET state = 'refused', reason = 'why', correctable = 1, settled_at = 6 WHERE row = 7;
          INSERT INTO slip VALUES (4, '\(jobs[0])', 'printed', NULL), (6, '\(jobs[1])', NULL, NULL),
            (7, '\(jobs[2])', 'unknown', NULL);
          INSERT INTO sequence VALUES ('00A7', '\(Self.day.digits)', 5, 4, 1, 0);
          """)
    }
    try file.close()
    return numbers
  }
}

extension Ledger {
  /// What became of the slips that have an entry of their own, in the order of their filings.
  func slips() async throws -> [String?] {
    try await file.read { try String?.fetchAll($0, sql: "SELECT outcome FROM slip ORDER BY row") }
  }
}
