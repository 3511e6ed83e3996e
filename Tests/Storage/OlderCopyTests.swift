// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

/// Numbers after somebody, or a crash, has set the ledger back.
struct OlderCopyTests {
  @Test func anOlderCopyThatIsPutBackGivesNoNumberAgain() async throws {
    try await LedgerBench.run { bench in
      let first = try await bench.open()
      _ = try await first.fileSample()
      try first.close()
      let copy = try Data(contentsOf: URL(filePath: bench.path))
      let second = try await bench.open()
      var told: Set<CaseNumber> = []
      for job: UInt8 in 2...9 { told.insert(try await second.fileSample(job: job).number) }
      try second.close()
      try bench.loseLedger()
      try copy.write(to: URL(filePath: bench.path))
      let third = try await bench.open()
      for job: UInt8 in 2...9 {
        #expect(!told.contains(try await third.fileSample(job: job).number))
      }
    }
  }

  @Test func aCopyOfTheSameLifeGivesNoNumberAgainEither() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      _ = try await ledger.fileSample()
      for ending in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: bench.path + ending, toPath: bench.folder + "/copy" + ending)
      }
      var told: Set<CaseNumber> = []
      for job: UInt8 in 2...250 { told.insert(try await ledger.fileSample(job: job).number) }
      let older = try await bench.open(at: bench.folder + "/copy")
      for job: UInt8 in 2...250 {
        #expect(!told.contains(try await older.fileSample(job: job).number))
      }
    }
  }

  @Test func afterAnUncleanEndNumbersGoOnBehindTheMarkAndWhatIsPassedOverIsNoGap() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      _ = try await ledger.reserve()
      _ = try await ledger.fileSample()
      for ending in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: bench.path + ending, toPath: bench.folder + "/next" + ending)
      }
      let next = try await bench.open(at: bench.folder + "/next")
      #expect(try await next.fileSample(job: 2).number.sequence == SequenceCounter.atOnce + 1)
      let report = try await next.check()
      // The reservation that was never filed.
      #expect(report.gaps == 1)
      #expect(report.damage.isEmpty)
    }
  }

  @Test func aCleanEndLeavesNoGap() async throws {
    try await LedgerBench.run { bench in
      for sequence in 1...3 {
        let ledger = try await bench.open()
        #expect(try await ledger.fileSample(job: UInt8(sequence)).number.sequence == sequence)
        try ledger.close()
        await #expect(throws: StoreFault.noNumbers) { try await ledger.reserve() }
      }
    }
  }

  @Test func whereTheRecordCannotBeWrittenNoNumberIsGiven() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      try FileManager.default.createSymbolicLink(
        atPath: bench.record + ".new", withDestinationPath: "/dev/full")
      await #expect(throws: StoreFault.full) { try await ledger.reserve() }
      try FileManager.default.removeItem(atPath: bench.record + ".new")
      #expect(try await ledger.reserve().number.sequence == 1)
    }
  }

  @Test func manyWhoReserveAtOnceGetNumbersOfTheirOwn() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      let numbers = try await withThrowingTaskGroup(of: CaseNumber.self) { group in
        for _ in 0..<350 { group.addTask { try await ledger.reserve().number } }
        return try await group.reduce(into: Set<CaseNumber>()) { $0.insert($1) }
      }
      #expect(numbers.count == 350)
      #expect(numbers.map(\.sequence).max() == 350)
    }
  }

  @Test func aDaysNumbersEnd() async throws {
    try await LedgerBench.run { bench in
      try Data("00B1 \(LedgerBench.day.digits) 99997\n".utf8).write(to: URL(filePath: bench.record))
      let ledger = try await bench.open(try LedgerBench.numbering("00B1"))
      #expect(try await ledger.reserve().number.sequence == 99_998)
      await #expect(throws: StoreFault.noNumbers) { try await ledger.reserve() }
    }
  }
}
