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
}
