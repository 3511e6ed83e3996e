// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct AllotmentTests {
  private func recorded(_ bench: LedgerBench) throws -> [String] {
    try AllotmentRecord(path: bench.record).read().used.map(\.text)
  }

  @Test func theFirstLedgerTakesTheEnrolmentsAllotmentAndRecordsItBeforeAnyFiling() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      #expect(ledger.allotment?.text == "00A7")
      #expect(try recorded(bench) == ["00A7"])
    }
  }

  @Test func aRestartUsesNothingUp() async throws {
    try await LedgerBench.run { bench in
      try await bench.open(try LedgerBench.numbering(spares: ["00A8"])).close()
      let again = try await bench.open(try LedgerBench.numbering(spares: ["00A8"]))
      #expect(again.allotment?.text == "00A7")
      #expect(try recorded(bench) == ["00A7"])
    }
  }

  @Test func aNewLedgerNeverGivesAToldNumberAgain() async throws {
    try await LedgerBench.run { bench in
      let numbering = try LedgerBench.numbering(spares: ["00A8", "00A9"])
      let first = try await bench.open(numbering).fileSample()
      try bench.loseLedger()
      let second = try await bench.open(numbering).fileSample()
      #expect(second.number != first.number)
      #expect(second.number.allotment.text == "00A8")
      #expect(try recorded(bench) == ["00A7", "00A8"])
    }
  }

  @Test func withoutAnUnusedAllotmentNothingIsFiledAndTheLedgerStillOpens() async throws {
    try await LedgerBench.run { bench in
      let numbering = try LedgerBench.numbering(spares: ["00A8"])
      for _ in 1...2 {
        _ = try await bench.open(numbering).fileSample()
        try bench.loseLedger()
      }
      let third = try await bench.open(numbering)
      #expect(third.allotment == nil)
      await #expect(throws: StoreFault.noNumbers) { try await third.reserve() }
      #expect(try await third.counts().filed == 0)
    }
  }

  @Test func spentSparesMayLeaveTheSettingsWithoutMovingTheLedger() async throws {
    try await LedgerBench.run { bench in
      _ = try await bench.open()
      try bench.loseLedger()
      #expect(try await bench.open(try LedgerBench.numbering(spares: ["00A8"])).allotment?.text == "00A8")
      let later = try await bench.open(try LedgerBench.numbering(spares: ["00AB"]))
      #expect(later.allotment?.text == "00A8")
    }
  }

  @Test func anotherEnrolmentBringsItsOwnAllotmentIntoTheSameLedger() async throws {
    try await LedgerBench.run { bench in
      _ = try await bench.open()
      #expect(try await bench.open(try LedgerBench.numbering("00B1")).allotment?.text == "00B1")
    }
  }

  @Test func aLedgerOfTheFirstFormGoesOnAndIsRecorded() async throws {
    try await LedgerBench.run { bench in
      let numbers = try await bench.writeFirstForm()
      let ledger = try await bench.open(try LedgerBench.numbering(spares: ["00A8"]))
      let next = try await ledger.fileSample(job: 2)
      #expect(next.number.allotment == numbers[0].allotment)
      #expect(next.number.sequence == 4)
      #expect(try recorded(bench) == ["00A7"])
    }
  }

  @Test("a record that cannot be read forbids numbers, not the carrying of what waits")
  func unreadableRecord() async throws {
    try await LedgerBench.run { bench in
      let first = try await bench.open()
      let filed = try await first.fileSample()
      try first.close()
      try Data("00A7\n0?".utf8).write(to: URL(filePath: bench.record))
      let again = try await bench.open()
      await #expect(throws: StoreFault.noNumbers) { try await again.reserve() }
      #expect(try await again.waiting().map(\.id) == [filed.id])
    }
  }

  @Test func lookingAtALedgerUsesUpNoAllotment() async throws {
    try await LedgerBench.run { bench in
      let ledger = try Ledger.inspect(path: bench.path, clock: MovedClock(), chance: CountedChance())
      #expect(try await ledger.counts().filed == 0)
      await #expect(throws: StoreFault.noNumbers) { try await ledger.reserve() }
      #expect(!FileManager.default.fileExists(atPath: bench.record))
    }
  }
}
