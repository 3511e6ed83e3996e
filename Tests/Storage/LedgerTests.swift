// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import Testing

@testable import Storage

struct LedgerTests {
  private func withLedger(
    _ clock: MovedClock = MovedClock(), _ body: (Ledger, LedgerBench) async throws -> Void
  ) async throws {
    try await LedgerBench.run { bench in try await body(try await bench.open(nil, clock), bench) }
  }

  @Test func numbersAscendAndAGapIsAllowed() async throws {
    try await withLedger { ledger, _ in
      _ = try await ledger.reserve()
      let filed = try await ledger.fileSample()
      #expect(filed.number.sequence == 2)
      #expect(filed.number.grouped.hasPrefix("320507-00A7-20261121-00002-"))
    }
  }

  @Test func aRehearsedFilingLeavesNothing() async throws {
    try await withLedger { ledger, _ in
      try await ledger.dryWrite()
      let filed = try await ledger.fileSample()
      #expect(filed.number.sequence == 1)
      try await ledger.dryWrite()
      #expect(try await ledger.counts() == LedgerCounts(filed: 1, waiting: 1, sent: 0, refused: 0, untold: 1))
      #expect(try await ledger.check().damage.isEmpty)
      #expect(try await ledger.check().gaps == 0)
    }
  }

  @Test func theSequenceGoesOnAfterARestart() async throws {
    try await withLedger { ledger, bench in
      let first = try await ledger.fileSample()
      try ledger.close()
      // The lock belongs to the file, not to the object: a second life opens a copy.
      let copy = bench.path + "-next"
      try FileManager.default.copyItem(atPath: bench.path, toPath: copy)
      try? FileManager.default.copyItem(atPath: bench.path + "-wal", toPath: copy + "-wal")
      let second = try await bench.open(at: copy).fileSample(job: 2)
      #expect(second.number.sequence == first.number.sequence + 1)
    }
  }

  @Test func aNumberNeverBearsADayBeforeTheFloor() async throws {
    try await withLedger(MovedClock(0)) { ledger, _ in
      let reservation = try await ledger.reserve()
      #expect(reservation.number.day == LedgerBench.floor)
    }
    try await withLedger(MovedClock(LedgerBench.noon, .unknown)) { ledger, _ in
      let reservation = try await ledger.reserve()
      #expect(reservation.number.day == LedgerBench.floor)
    }
  }

  @Test func whatWasFiledWaitsAndAVerdictSettlesIt() async throws {
    try await withLedger { ledger, _ in
      let filed = try await ledger.fileSample()
      #expect(try await ledger.waiting(10).map(\.id) == [filed.id])
      try await ledger.settle(filed.id, .stored)
      #expect(try await ledger.waiting(10).isEmpty)
      #expect(try await ledger.counts() == LedgerCounts(filed: 1, waiting: 0, sent: 1, refused: 0, untold: 1))
    }
  }

  @Test func aRefusedEnvelopeIsKeptWithItsReason() async throws {
    try await withLedger { ledger, _ in
      let filed = try await ledger.fileSample()
      try await ledger.settle(filed.id, .refused(reason: "matterWithdrawn", correctable: true))
      let rows = try await ledger.outboxRows(limit: 10)
      #expect(rows.map(\.state) == [.refused])
      #expect(rows.first?.reason == "matterWithdrawn")
    }
  }

  @Test func anEnvelopeComesBackFromTheLedgerAsItWentIn() async throws {
    try await withLedger { ledger, _ in
      let filed = try await ledger.fileSample()
      let told = Envelope.sample(try await ledger.reserve(about: filed), .told, after: [filed.id])
      try await ledger.add(told)
      #expect(try await ledger.waiting(10).last == told)
    }
  }

  @Test func aFilingIsUntoldUntilItIsToldAndToldOnce() async throws {
    try await withLedger { ledger, _ in
      let filed = try await ledger.fileSample()
      #expect(try await ledger.untold() == [filed])
      try await ledger.add(Envelope.sample(try await ledger.reserve(about: filed), .told, after: [filed.id]))
      #expect(try await ledger.untold().isEmpty)
      let again = Envelope.sample(try await ledger.reserve(about: filed), .told, after: [filed.id])
      await #expect(throws: StoreFault.self) { try await ledger.add(again) }
    }
  }

  @Test func aNumberIsFiledOnce() async throws {
    try await withLedger { ledger, _ in
      let filed = try await ledger.fileSample()
      let twice = Envelope.sample(try await ledger.reserve(about: filed))
      await #expect(throws: StoreFault.self) {
        try await ledger.file(twice, slip: SlipJob(chance: [UInt8](repeating: 9, count: 16)))
      }
      #expect(try await ledger.counts().filed == 1)
    }
  }

  @Test func theJournalKnowsOnlySlipsThatWereFiled() async throws {
    try await withLedger { ledger, _ in
      _ = try await ledger.fileSample(job: 3)
      try await ledger.settle(SlipJob(chance: [UInt8](repeating: 3, count: 16)), .printed)
      await #expect(throws: StoreFault.missing) {
        try await ledger.settle(SlipJob(chance: [UInt8](repeating: 4, count: 16)), .printed)
      }
    }
  }

  @Test func theCourierHearsOfEachFiling() async throws {
    try await withLedger { ledger, _ in
      var news = ledger.news().makeAsyncIterator()
      #expect(await news.next() != nil)
      _ = try await ledger.fileSample()
      #expect(await news.next() != nil)
    }
  }
}
