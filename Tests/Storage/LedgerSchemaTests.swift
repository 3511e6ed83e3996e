// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct LedgerSchemaTests {
  @Test func aLedgerOfTheFirstFormKeepsAllThatItHolds() async throws {
    try await LedgerBench.run { bench in
      let numbers = try await bench.writeFirstForm()
      let ledger = try await bench.open()
      #expect(
        try await ledger.counts() == LedgerCounts(filed: 2, waiting: 1, sent: 1, refused: 1, untold: 1))
      #expect(try await ledger.untold().map(\.number) == [numbers[1]])
      let waiting = try await ledger.waiting()
      #expect(waiting.map(\.kind) == [.told])
      #expect(waiting.first?.content == [3])
      #expect(try await ledger.outboxRows(limit: 9).map(\.reason) == [nil, "why", nil])
      let report = try await ledger.check()
      #expect(report.damage.isEmpty)
      #expect(report.gaps == 1)
      // Two steps and the opening.
      #expect(report.audit.entries == 3)
      let printed = "SELECT count(*) FROM slip WHERE outcome = 'printed'"
      let slips = try await ledger.file.read { try Int.fetchOne($0, sql: printed) }
      #expect(slips == 1)
      #expect(FileManager.default.fileExists(atPath: bench.path + ".before-2"))
      #expect(FileManager.default.fileExists(atPath: bench.path + ".before-3"))
    }
  }

  @Test func aNewLedgerTakesNoStepsAndSaysSo() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      #expect(ledger.file.migrated.isEmpty)
      // The allotment was taken, the ledger opened.
      #expect(try await ledger.head().entries == 2)
    }
  }

  @Test(
    "what must not be is refused by the file itself",
    arguments: [
      "UPDATE outbox SET state = 'lost'", "UPDATE outbox SET state = 'refused', settled_at = 1",
      "UPDATE outbox SET settled_at = 1", "UPDATE outbox SET correctable = 1",
      "UPDATE envelope SET kind = 'rumour'", "UPDATE envelope SET quality = 'good'",
      "INSERT INTO outbox (row, state) VALUES (99, 'waiting')", "INSERT INTO untold VALUES (99)",
      "UPDATE sequence SET filed = last + 1", "UPDATE sequence SET pruned = filed + 1",
      "UPDATE sequence SET last = 100000", "UPDATE tally SET sent = -1",
      "INSERT INTO command (id, act, until, begun_at, word) VALUES (hex(zeroblob(16)), '', 1, 1, 'done')",
    ])
  func refused(sql: String) async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      _ = try await ledger.fileSample()
      await #expect(throws: StoreFault.self) { try await ledger.file.write { try $0.execute(sql: sql) } }
    }
  }
}
