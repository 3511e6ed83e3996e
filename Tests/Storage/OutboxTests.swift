// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct OutboxTests {
  private func withFilings(_ count: Int, _ body: (Ledger, [Filed]) async throws -> Void) async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      var filed: [Filed] = []
      for job in 1...count { filed.append(try await ledger.fileSample(job: UInt8(job))) }
      try await body(ledger, filed)
    }
  }

  @Test func whatIsOnItsWayIsPassedOver() async throws {
    try await withFilings(5) { ledger, filed in
      let ids = filed.map(\.id)
      let next = try await ledger.waiting(limit: 2, excluding: [ids[0], ids[2]])
      #expect(next.map(\.id) == [ids[1], ids[3]])
    }
  }

  @Test func aFilingThatAVisitWaitsForGoesFirst() async throws {
    try await withFilings(4) { ledger, filed in
      var news = ledger.news().makeAsyncIterator()
      #expect(await news.next() != nil)
      let waiting = Task { await ledger.verdict(on: filed[2]) }
      // The courier is told that there is something to look at.
      #expect(await news.next() != nil)
      #expect(try await ledger.waiting(2).map(\.id) == [filed[2].id, filed[0].id])
      #expect(try await ledger.waiting(limit: 1, excluding: [filed[2].id]).map(\.id) == [filed[0].id])
      try await ledger.settle([filed[2].id: .already, filed[0].id: .stored])
      #expect(await waiting.value == .already)
      #expect(try await ledger.waiting().map(\.id) == [filed[1].id, filed[3].id])
    }
  }

  @Test func whoWaitsForARowThatIsSettledHearsAtOnce() async throws {
    try await withFilings(2) { ledger, filed in
      let word = Verdict.refused(reason: "matterWithdrawn", correctable: true)
      try await ledger.settle([filed[0].id: word, filed[1].id: .already])
      #expect(await ledger.verdict(on: filed[0]) == word)
      #expect(await ledger.verdict(on: filed[1]) == .stored)
    }
  }

  @Test func whoWaitsAndIsCancelledHearsNothingAndIsForgotten() async throws {
    try await withFilings(1) { ledger, filed in
      let waiting = Task { await ledger.verdict(on: filed[0]) }
      waiting.cancel()
      #expect(await waiting.value == nil)
      #expect(ledger.verdicts.keys.isEmpty)
    }
  }

  @Test func theFirstWordStays() async throws {
    try await withFilings(1) { ledger, filed in
      try await ledger.settle(filed[0].id, .refused(reason: "no", correctable: false))
      try await ledger.settle(filed[0].id, .stored)
      #expect(try await ledger.outboxRow(filed[0].id).state == .refused)
      #expect(try await ledger.counts().refused == 1)
      #expect(try await ledger.counts().sent == 0)
    }
  }

  @Test func aRefusedRowCanBeSentAgainAndTheAuditSaysSo() async throws {
    try await withFilings(2) { ledger, filed in
      try await ledger.settle([filed[0].id: .refused(reason: "no", correctable: true), filed[1].id: .stored])
      let before = try await ledger.head()
      #expect(try await ledger.retry(filed[0].id))
      #expect(try await ledger.waiting().map(\.id) == [filed[0].id])
      #expect(try await ledger.outboxRow(filed[0].id).reason == nil)
      #expect(try await ledger.head().entries == before.entries + 1)
      #expect(try await !ledger.retry(filed[1].id))
      #expect(try await ledger.counts().refused == 0)
      let nobody = EnvelopeID(milliseconds: 1, chance: [UInt8](repeating: 1, count: 10))
      await #expect(throws: StoreFault.missing) { try await ledger.retry(nobody) }
      await #expect(throws: StoreFault.missing) { try await ledger.outboxRow(nobody) }
    }
  }

  @Test func whatWaitsIsExportedInPartsAndStays() async throws {
    try await withFilings(5) { ledger, filed in
      try await ledger.settle(filed[1].id, .stored)
      let first = try await ledger.export(after: 0, limit: 3)
      #expect(first.map(\.envelope.id) == [filed[0].id, filed[2].id, filed[3].id])
      let second = try await ledger.export(after: first.last?.row ?? 0, limit: 3)
      #expect(second.map(\.envelope.id) == [filed[4].id])
      #expect(try await ledger.export(after: second.last?.row ?? 0, limit: 3).isEmpty)
      #expect(try await ledger.counts().waiting == 4)
    }
  }

  @Test func withdrawalsAndCorrectionsAreFilingsOfTheirOwn() async throws {
    try await withFilings(1) { ledger, filed in
      for (job, kind) in [(UInt8(2), EnvelopeKind.withdrawal), (3, .correction)] {
        let reservation = try await ledger.reserve()
        let envelope = Envelope.sample(reservation, kind, after: [filed[0].id])
        let slip = SlipJob(chance: [UInt8](repeating: job, count: 16))
        let own = try await ledger.file(envelope, slip: slip)
        let again = Envelope.sample(try await ledger.reserve(about: own), .application)
        await #expect(throws: StoreFault.self) { try await ledger.add(again) }
      }
      #expect(try await ledger.counts().filed == 3)
      #expect(try await ledger.untold().count == 3)
    }
  }
}
