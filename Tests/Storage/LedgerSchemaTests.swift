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
      // Four steps and the opening.
      #expect(report.audit.entries == 5)
      let printed = "SELECT count(*) FROM slip WHERE outcome = 'printed'"
      let slips = try await ledger.file.read { try Int.fetchOne($0, sql: printed) }
      #expect(slips == 1)
      for step in 2...5 {
        #expect(FileManager.default.fileExists(atPath: bench.path + ".before-\(step)"))
      }
    }
  }

  @Test func aLedgerOfTheThirdFormKeepsRowsOfEveryState() async throws {
    try await LedgerBench.run { bench in
      let numbers = try await bench.writeThirdForm()
      let ledger = try await bench.open()
      #expect(ledger.file.migrated.count == 2)
      let counts = LedgerCounts(filed: 3, waiting: 2, sent: 2, refused: 1, untold: 1)
      #expect(try await ledger.counts() == counts)
      let report = try await ledger.check()
      #expect(report.damage.isEmpty)
      #expect(report.pruned == 1)
      #expect(report.gaps == 1)
      let untold = try await ledger.untold()
      #expect(untold.map(\.number) == [numbers[2]])
      #expect(try await ledger.waiting().map(\.number) == [numbers[2], numbers[3]])
      let states = try await ledger.outboxRows(limit: 9).map(\.state)
      #expect(states == [.waiting, .refused, .waiting, .sent, .sent])
      let refused = try await ledger.outboxRows(limit: 9)[1]
      #expect(
        try await ledger.verdict(kept: refused.id) == .refused(reason: "why", correctable: true))
      #expect(try await ledger.slips() == ["printed", nil, "unknown"])
      // And it goes on with each of them.
      try await ledger.add(.sample(try await ledger.reserve(about: untold[0]), .told))
      #expect(try await ledger.slips().count == 3)
      #expect(try await ledger.retry(refused.id))
      try await ledger.settle(refused.id, .stored)
      let after = LedgerCounts(filed: 3, waiting: 3, sent: 3, refused: 0, untold: 0)
      #expect(try await ledger.counts() == after)
      #expect(try await ledger.check().damage.isEmpty)
    }
  }

  /// SQLite lays one for each list of more than two words, at every row.
  @Test func aFilingLaysNoTableForItsConditions() async throws {
    try await LedgerBench.run { bench in
      _ = try await bench.writeThirdForm()
      let file = try await bench.open().file
      for insert in ["envelope (id) VALUES (x'')", "untold (row) VALUES (1)", "slip (row) VALUES (1)"] {
        let steps = try await file.read { database in
          try Row.fetchAll(database, sql: "EXPLAIN INSERT INTO \(insert)").map { $0["opcode"] as String }
        }
        #expect(steps.contains("Insert") || steps.contains("IdxInsert"))
        #expect(!steps.contains("OpenEphemeral"), "\(insert)")
      }
      for (table, column) in [("envelope", "kind"), ("envelope", "quality"), ("slip", "outcome")] {
        await #expect(throws: StoreFault.broken, "\(column)") {
          try await file.write { try $0.execute(sql: "UPDATE \(table) SET \(column) = 'nonsense'") }
        }
      }
    }
  }

  @Test func aSlipLiesWithItsUntoldFilingUntilOneOfTheTwoIsKnown() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      let job = SlipJob(chance: [UInt8](repeating: 1, count: 16))
      let first = try await ledger.fileSample(job: 1)
      #expect(try await ledger.slips().isEmpty)
      try await ledger.settle(job, .notPrinted(.outOfPaper))
      try await ledger.add(.sample(try await ledger.reserve(about: first), .told))
      #expect(try await ledger.slips() == ["notPrinted"])
      let second = try await ledger.fileSample(job: 2)
      try await ledger.add(.sample(try await ledger.reserve(about: second), .told))
      #expect(try await ledger.slips() == ["notPrinted", nil])
      try await ledger.settle(SlipJob(chance: [UInt8](repeating: 2, count: 16)), .printed)
      #expect(try await ledger.slips() == ["notPrinted", "printed"])
      #expect(try await ledger.check().damage.isEmpty)
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
      "INSERT INTO settled VALUES (1, 'lost', NULL, NULL, 1)",
      "INSERT INTO settled VALUES (1, 'refused', NULL, NULL, 1)",
      "INSERT INTO settled VALUES (1, 'sent', NULL, NULL, NULL)",
      "INSERT INTO settled VALUES (1, 'sent', NULL, 1, 1)",
      "INSERT INTO settled VALUES (2, 'sent', NULL, NULL, 1)", "DELETE FROM outbox WHERE row = 1",
      "UPDATE settled SET settled_at = 2", "INSERT INTO settled VALUES (3, 'sent', NULL, NULL, 1)",
      "DELETE FROM settled WHERE row = 3; DELETE FROM envelope WHERE row = 3",
      "UPDATE envelope SET kind = 'rumour'", "UPDATE envelope SET quality = 'good'",
      "INSERT INTO outbox VALUES (99)", "INSERT INTO untold VALUES (99, NULL)",
      "UPDATE untold SET job = 'x'",
      "UPDATE sequence SET filed = last + 1", "UPDATE sequence SET pruned = filed + 1",
      "UPDATE sequence SET last = 100000", "UPDATE tally SET sent = -1",
      "INSERT INTO command (id, act, until, begun_at, word) VALUES (hex(zeroblob(16)), '', 1, 1, 'done')",
    ])
  func refused(sql: String) async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      // One that waits, one that was sent, one that was refused.
      var filed: [Filed] = []
      for job: UInt8 in 1...3 { filed.append(try await ledger.fileSample(job: job)) }
      try await ledger.settle([filed[1].id: .stored, filed[2].id: .refused(reason: "no", correctable: true)])
      await #expect(throws: StoreFault.self) { try await ledger.file.write { try $0.execute(sql: sql) } }
    }
  }
}
