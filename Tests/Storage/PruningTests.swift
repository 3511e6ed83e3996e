// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct PruningTests {
  private static let later = QualifiedTime(
    at: Timestamp(milliseconds: LedgerBench.noon).advanced(bySeconds: 40 * 86_400), quality: .running)

  private func withLedger(
    _ clock: MovedClock = MovedClock(), _ body: (Ledger) async throws -> Void
  ) async throws {
    try await LedgerBench.run { bench in try await body(try await bench.open(nil, clock)) }
  }

  private func rows(_ ledger: Ledger, _ table: String) async throws -> Int {
    try await ledger.file.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
  }

  @Test func whatIsAtTheCentreAndOldGoesWithAllThatFollowsIt() async throws {
    try await withLedger { ledger in
      let filed = try await ledger.fileWhole()
      let rating = Envelope.sample(try await ledger.reserve(about: filed), .rating, after: [filed.id])
      try await ledger.add(rating)
      try await ledger.settle(rating.id, .stored)
      let kept = try await ledger.fileWhole(job: 2, sent: false)
      let before = try await ledger.head()
      #expect(try await ledger.prune(PruneRule(), at: Self.later) == 1)
      #expect(try await ledger.prune(PruneRule(), at: Self.later) == 0)
      #expect(try await ledger.waiting().first?.id == kept.id)
      #expect(try await rows(ledger, "envelope") == 2)
      #expect(try await rows(ledger, "slip") == 1)
      let report = try await ledger.check()
      #expect(report.damage.isEmpty)
      #expect(report.pruned == 1)
      #expect(report.gaps == 0)
      #expect(report.counts == LedgerCounts(filed: 1, waiting: 2, sent: 0, refused: 0, untold: 0))
      #expect(try await ledger.head().entries == before.entries + 1)
    }
  }

  @Test("a filing of which anything waits or was refused stays, and so does an untold one")
  func unsent() async throws {
    try await withLedger { ledger in
      for job: UInt8 in 1...3 { _ = try await ledger.fileWhole(job: job, sent: false) }
      let waiting = try await ledger.waiting()
      // The first filing sent, its told not; the second's told sent, the filing not; the third
      // refused; the fourth sent and never told.
      try await ledger.settle([
        waiting[0].id: .stored, waiting[3].id: .stored,
        waiting[4].id: .refused(reason: "no", correctable: true), waiting[5].id: .stored,
      ])
      let untold = try await ledger.fileSample(job: 4)
      try await ledger.settle(untold.id, .stored)
      _ = try await ledger.fileWhole(job: 5, sent: false)
      let before = try await ledger.counts()
      let everything = PruneRule(keepDays: 0, keepFilings: 0)
      #expect(try await ledger.prune(everything, at: Self.later) == 0)
      #expect(try await ledger.counts() == before)
    }
  }

  @Test func theFileItselfForbidsThatAnUnsentRowGoes() async throws {
    try await withLedger { ledger in
      _ = try await ledger.fileWhole(sent: false)
      await #expect(throws: StoreFault.self) {
        try await ledger.file.write { try $0.execute(sql: "DELETE FROM outbox") }
      }
      #expect(try await ledger.counts().waiting == 2)
    }
  }

  @Test func aTimeThatIsNotKnownMakesNothingOld() async throws {
    try await withLedger { ledger in
      for job: UInt8 in 1...2 { _ = try await ledger.fileWhole(job: job) }
      let unknown = QualifiedTime(at: Self.later.at, quality: .unknown)
      #expect(try await ledger.prune(PruneRule(), at: unknown) == 0)
    }
    try await withLedger(MovedClock(0, .unknown)) { ledger in
      for job: UInt8 in 1...2 { _ = try await ledger.fileWhole(job: job) }
      #expect(try await ledger.prune(PruneRule(), at: Self.later) == 0)
    }
  }

  @Test func beyondTheNumberThatIsKeptTheOldestGoWhateverTheirTime() async throws {
    try await withLedger(MovedClock(0, .unknown)) { ledger in
      var filed: [Filed] = []
      for job: UInt8 in 1...7 { filed.append(try await ledger.fileWhole(job: job)) }
      let rule = PruneRule(keepDays: 30, keepFilings: 3, atOnce: 2)
      let now = ledger.clock.now()
      #expect(try await ledger.prune(rule, at: now) == 2)
      #expect(try await ledger.prune(rule, at: now) == 2)
      #expect(try await ledger.prune(rule, at: now) == 0)
      let left = try await ledger.outboxRows(limit: 100).map(\.number)
      #expect(Set(left) == Set(filed.suffix(3).map(\.number)))
      // Numbers go on where they were.
      #expect(try await ledger.reserve().number.sequence == 8)
    }
  }

  @Test func commandsOfLongAgoGoToo() async throws {
    try await withLedger { ledger in
      let noon = Timestamp(milliseconds: LedgerBench.noon)
      let command = Command(id: String(repeating: "a", count: 32), act: "report", until: noon)
      #expect(try await ledger.begin(command) == nil)
      #expect(try await ledger.prune(PruneRule(), at: Self.later) == 0)
      #expect(try await rows(ledger, "command") == 1)
      try await ledger.finish(command.id, CommandOutcome(.done))
      #expect(try await ledger.prune(PruneRule(), at: ledger.clock.now()) == 0)
      #expect(try await rows(ledger, "command") == 1)
      _ = try await ledger.prune(PruneRule(), at: Self.later)
      #expect(try await rows(ledger, "command") == 0)
    }
  }
}
