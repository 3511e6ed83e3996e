// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct DamagedPageTests {
  private func withDamage(
    _ table: String, _ kind: String, _ body: (Ledger, BrokenLedger) async throws -> Void
  ) async throws {
    try await LedgerBench.run { bench in
      let broken = try await BrokenLedger(in: bench)
      try broken.flip(try broken.page(table, kind))
      try await body(try await bench.open(), broken)
    }
  }

  @Test("a damaged page of the envelopes costs the rows on it, and the others are carried")
  func envelopes() async throws {
    try await withDamage("envelope", "leaf") { ledger, broken in
      let waiting = try await ledger.waiting(500).map(\.id)
      let missing = broken.envelopes.dropFirst(20).filter { !waiting.contains($0) }
      #expect((1...20).contains(missing.count))
      #expect(waiting.last == broken.envelopes.last)
      #expect(waiting.first == broken.envelopes[20])
      #expect(try await ledger.waiting(3).count == 3)
      let damage = try await ledger.check().damage
      #expect(damage.count { $0.hasSuffix("cannot be read and is not carried") } == missing.count)
    }
  }

  @Test("what lies in the damage is passed over in every list")
  func lists() async throws {
    try await withDamage("envelope", "leaf") { ledger, broken in
      let exported = try await ledger.export(after: 0, limit: 500)
      #expect(exported.map(\.envelope.id) == (try await ledger.waiting(500).map(\.id)))
      #expect(try await ledger.outboxRows(limit: 500).count > 80)
      #expect(try await ledger.prune(PruneRule(keepDays: 0, keepFilings: 0), at: ledger.clock.now()) == 10)
    }
  }

  @Test("without the outbox, those that wait are found by what is not settled")
  func outbox() async throws {
    try await withDamage("outbox", "leaf") { ledger, broken in
      let waiting = try await ledger.waiting(500).map(\.id)
      #expect(waiting == Array(broken.envelopes.dropFirst(20)))
    }
  }

  @Test(
    "what a filing needs and cannot be read is found before anybody files", arguments: ["outbox", "untold"])
  func rehearsal(table: String) async throws {
    try await withDamage(table, "leaf") { ledger, _ in
      await #expect(throws: StoreFault.broken) { try await ledger.dryWrite() }
    }
  }

  @Test("rows that stand out of their turn lead nobody in a circle")
  func disorder() async throws {
    try await LedgerBench.run { bench in
      let broken = try await BrokenLedger(in: bench)
      let before = try await bench.open()
      let settled = broken.envelopes.dropFirst(20).dropLast(2).map { ($0, Verdict.stored) }
      try await before.settle(Dictionary(uniqueKeysWithValues: settled))
      try before.close()
      // Of rows 119 and 120, 127 and 120.
      try broken.disorder(try broken.page("outbox", "leaf"), mask: 0x08)
      let ledger = try await bench.open()
      let waiting = try await ledger.waiting(500).map(\.id)
      #expect(waiting == Array(broken.envelopes.suffix(2)))
      #expect(try await !ledger.check().damage.isEmpty)
      try ledger.close()
      #expect(try await broken.salvage().read == broken.envelopes.count)
    }
  }

  @Test("a verdict that cannot be kept holds back no other, and its row is not carried on and on")
  func verdicts() async throws {
    try await LedgerBench.run { bench in
      let broken = try await BrokenLedger(in: bench)
      let ledger = try await bench.open()
      try await ledger.file.write { database in
        try database.execute(
          sql: """
            CREATE TRIGGER as_if_damaged BEFORE INSERT ON settled WHEN NEW.row = 50
            BEGIN SELECT raise(ABORT, 'as if'); END
            """)
      }
      let verdicts = broken.envelopes.reduce(into: [:]) { $0[$1] = Verdict.stored }
      await #expect(throws: StoreFault.broken) { try await ledger.settle(verdicts) }
      #expect(try await ledger.waiting(500).isEmpty)
      #expect(try await ledger.counts().sent == broken.envelopes.count - 1)
      try ledger.close()
      #expect(try await bench.open().waiting(500).map(\.id) == [broken.envelopes[49]])
    }
  }

  @Test(
    "no page but the envelopes' keeps what waits from being carried",
    arguments: ["audit", "slip", "settled", "tally", "allotment", "sequence", "sqlite_autoindex_envelope_1"])
  func others(table: String) async throws {
    try await withDamage(table, "leaf") { ledger, broken in
      let waiting = try await ledger.waiting(500).map(\.id)
      #expect(waiting == Array(broken.envelopes.dropFirst(20)))
    }
  }
}
