// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct AllotmentTests {
  private func recorded(_ bench: LedgerBench) throws -> [String] {
    try AllotmentRecord(path: bench.record).used().map(\.text)
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

  @Test func aLedgerOfTheFormerFormGoesOnAndIsRecorded() async throws {
    try await LedgerBench.run { bench in
      let first = try await filedInTheFormerForm(bench)
      try FileManager.default.removeItem(atPath: bench.record)
      let second = try await bench.open(try LedgerBench.numbering(spares: ["00A8"])).fileSample(job: 2)
      #expect(second.number.allotment == first.number.allotment)
      #expect(second.number.sequence == first.number.sequence + 1)
      #expect(try recorded(bench) == ["00A7"])
    }
  }

  private func filedInTheFormerForm(_ bench: LedgerBench) async throws -> Filed {
    let ledger = try await bench.open()
    try await ledger.file.write { try $0.execute(sql: "DELETE FROM allotment") }
    return try await ledger.fileSample()
  }

  @Test func aRecordThatCannotBeReadForbidsFiling() async throws {
    try await LedgerBench.run { bench in
      try Data("00A7\n0?".utf8).write(to: URL(filePath: bench.record))
      await #expect(throws: OpenFault.broken) { try await bench.open() }
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
