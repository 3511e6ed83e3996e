// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct CheckTests {
  private func withLedger(_ body: (Ledger) async throws -> Void) async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      for job: UInt8 in 1...3 { _ = try await ledger.fileWhole(job: job) }
      for act in ["one", "two", "three"] { try await ledger.note(AuditEntry(act, ["place": "上/\"下\""])) }
      try await body(ledger)
    }
  }

  private func alter(_ ledger: Ledger, _ sql: String) async throws {
    try await ledger.file.write { database in
      for trigger in ["an_entry_stays", "an_entry_stays_as_it_is"] {
        try database.execute(sql: "DROP TRIGGER \(trigger)")
      }
      try database.execute(sql: sql)
    }
  }

  @Test func aSoundLedgerHasNoDamage() async throws {
    try await withLedger { ledger in
      let report = try await ledger.check()
      #expect(report.damage.isEmpty)
      #expect(report.counts == LedgerCounts(filed: 3, waiting: 0, sent: 6, refused: 0, untold: 0))
      #expect(report.audit == (try await ledger.head()))
      // Taken, opened and the three above.
      #expect(report.audit.entries == 5)
    }
  }

  @Test(
    "an audit that was altered, cut or filled up does not hold",
    arguments: [
      "UPDATE audit SET entry = replace(entry, 'two', 'ten') WHERE row = 4",
      "UPDATE audit SET at = at + 1 WHERE row = 4",
      "DELETE FROM audit WHERE row = 4",
      "UPDATE audit SET chain = zeroblob(32) WHERE row = 4",
    ])
  func chain(sql: String) async throws {
    try await withLedger { ledger in
      try await alter(ledger, sql)
      #expect(try await ledger.check().damage == ["the audit chain does not hold at entry 4"])
    }
  }

  @Test func eachEntryIsLinkedToTheOneBefore() {
    let first = AuditChain.link(after: AuditChain.start, row: 1, at: 5, entry: "{}")
    #expect(first.count == 32)
    #expect(AuditChain.link(after: first, row: 1, at: 5, entry: "{}") != first)
    #expect(AuditChain.link(after: AuditChain.start, row: 2, at: 5, entry: "{}") != first)
    #expect(AuditChain.link(after: AuditChain.start, row: 1, at: 6, entry: "{}") != first)
    // SHA-256 of 32 zero bytes, 1 and 5 as eight bytes each, and "{}"; by sha256sum.
    #expect(Hex.text(first) == "4de692696ceb136baa222160aec9a77f90874a14ecf2de203cceccfa5f1e7546")
  }

  @Test func theHeadOfAnEmptyAuditIsZeros() async throws {
    try await LedgerBench.run { bench in
      let ledger = try Ledger.inspect(path: bench.path, clock: MovedClock(), chance: CountedChance())
      #expect(try await ledger.head() == AuditHead(entries: 0, chain: String(repeating: "0", count: 64)))
    }
  }

  @Test func theAuditItselfForbidsToBeCut() async throws {
    try await withLedger { ledger in
      for sql in ["DELETE FROM audit WHERE row = 5", "UPDATE audit SET at = 0"] {
        await #expect(throws: StoreFault.self) { try await ledger.file.write { try $0.execute(sql: sql) } }
      }
    }
  }

  @Test func aSealThatDoesNotHoldIsNamedByItsRow() async throws {
    try await withLedger { ledger in
      let report = try await ledger.check { $0.kind == .told ? "the hash of routing differs" : nil }
      #expect(report.damage.count == 3)
      #expect(report.damage.first == "envelope row 2: the hash of routing differs")
    }
  }

  @Test func aRowThatIsGoneIsMissedByTheSums() async throws {
    try await withLedger { ledger in
      try await ledger.file.write { database in
        try database.execute(
          sql: """
            DELETE FROM slip WHERE row = 1; DELETE FROM settled WHERE row = 1;
            DELETE FROM envelope WHERE row = 1;
            """)
      }
      #expect(try await ledger.check().damage == ["2 filings are there, 3 were counted"])
    }
  }

  @Test func aRowThatNeitherWaitsNorIsSettledIsFound() async throws {
    try await withLedger { ledger in
      _ = try await ledger.fileSample(job: 9)
      try await ledger.file.write { database in
        try database.execute(sql: "DROP TRIGGER what_waits_stays_until_then; DELETE FROM outbox")
      }
      #expect(try await ledger.check().damage == ["1 rows neither wait nor are settled, or both"])
    }
  }

  @Test func aReservationNeverFiledIsAGap() async throws {
    try await withLedger { ledger in
      for _ in 1...4 { _ = try await ledger.reserve() }
      _ = try await ledger.fileSample(job: 9)
      #expect(try await ledger.check().gaps == 4)
    }
  }
}
