// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Testing

@testable import DurableSQLite
@testable import Storage

struct SalvageTests {
  private func withBroken(_ body: (BrokenLedger) async throws -> Void) async throws {
    try await LedgerBench.run { bench in try await body(try await BrokenLedger(in: bench)) }
  }

  private func opened(_ broken: BrokenLedger) async throws -> Ledger {
    try await broken.bench.open(try LedgerBench.numbering(spares: ["00A8", "00A9"]))
  }

  @Test(
    "one damaged page, of whatever kind, costs no envelope that does not lie on it",
    arguments: [
      ("sqlite_schema", "leaf"), ("envelope", "internal"), ("sqlite_autoindex_envelope_1", "leaf"),
      ("one_filing_a_number", "leaf"), ("settled", "leaf"), ("outbox", "leaf"), ("untold", "leaf"),
      ("tally", "leaf"), ("sequence", "leaf"), ("slip", "leaf"), ("audit", "leaf"),
      ("grdb_migrations", "leaf"),
    ])
  func everyKind(table: String, kind: String) async throws {
    try await withBroken { broken in
      try broken.flip(try broken.page(table, kind))
      let report = try await broken.salvage()
      #expect(report.read == broken.envelopes.count)
      #expect(report.lostUnsent == 0)
      let ledger = try await opened(broken)
      let waiting = try await ledger.waiting(500).map(\.id)
      #expect(waiting.suffix(100) == broken.envelopes.suffix(100))
      // Where the page of their states is gone, those at the centre wait again; harmless.
      if table != "settled" { #expect(waiting.count == 100) }
      #expect(try await ledger.untold().isEmpty)
      #expect(try await ledger.check().damage.filter { !$0.contains("audit") }.isEmpty)
    }
  }

  @Test func theFilesFirstPageMayBeGoneAltogether() async throws {
    try await withBroken { broken in
      for place in 0..<4096 { try? broken.flip(at: place) }
      #expect(throws: (any Error).self) { try broken.pages() }
      let report = try await broken.salvage()
      #expect(report.read == broken.envelopes.count)
      #expect(report.waiting == 100)
    }
  }

  @Test func aLeafOfEnvelopesCostsItsOwnRowsAndTheyAreCounted() async throws {
    try await withBroken { broken in
      try broken.flip(try broken.page("envelope", "leaf"))
      let report = try await broken.salvage()
      let lost = broken.envelopes.count - report.read
      #expect((1...20).contains(lost))
      #expect(report.lostUnsent == lost)
      #expect(try #require(report.lostFilings) <= lost)
      let ledger = try await opened(broken)
      #expect(try await ledger.waiting(500).count == report.waiting)
    }
  }

  @Test func aTornLogCostsNothingThatStandsElsewhere() async throws {
    try await withBroken { broken in
      let ledger = try await broken.bench.open()
      var expected = Set(broken.envelopes)
      for job: UInt8 in 100...140 { expected.insert(try await ledger.fileSample(job: job).id) }
      let killed = LedgerBench(folder: broken.bench.folder + "/killed")
      try FileManager.default.createDirectory(atPath: killed.folder, withIntermediateDirectories: true)
      for ending in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: broken.bench.path + ending, toPath: killed.path + ending)
      }
      try FileManager.default.copyItem(atPath: broken.bench.record, toPath: killed.record)
      let torn = BrokenLedger(at: killed, like: broken)
      // In the midst of the log, which SQLite would read no further.
      try torn.flip(at: 32 + 40 * 4120 + 300, of: "-wal")
      await #expect(throws: OpenFault.broken) { try await opened(torn) }
      let report = try await torn.salvage()
      #expect(report.read == expected.count)
      let salvaged = try await opened(torn)
      #expect(try await salvaged.untold().count == 41)
      // The slips of those that were untold lay beside them.
      #expect(try await salvaged.slips().count == BrokenLedger.filings + 41)
    }
  }

  @Test func afterACleanEndThePagesOfTheLogStillServe() async throws {
    try await withBroken { broken in
      let ledger = try await broken.bench.open()
      let last = try await ledger.fileSample(job: 100)
      try ledger.close()
      let log = try Data(contentsOf: URL(filePath: broken.bench.path + "-wal"))
      try broken.flip(try #require(try broken.pages().last { $0.table == "envelope" && $0.kind == "leaf" }))
      // Whoever else opens the file takes the log away when he closes it.
      try log.write(to: URL(filePath: broken.bench.path + "-wal"))
      let report = try await broken.salvage()
      #expect(report.lostUnsent == 0)
      #expect(report.read == broken.envelopes.count + 1)
      #expect(try await opened(broken).waiting(500).map(\.id).contains(last.id))
    }
  }

  @Test func theOldFileLiesAsideWholeAndTheNewOneNumbersAfresh() async throws {
    try await withBroken { broken in
      try await broken.bench.open().close()
      let before = try Data(contentsOf: URL(filePath: broken.bench.path))
      let report = try await broken.salvage()
      #expect(try Data(contentsOf: URL(filePath: report.aside)) == before)
      #expect(FileManager.default.fileExists(atPath: report.aside + "-wal"))
      let ledger = try await opened(broken)
      #expect(ledger.allotment?.text == "00A8")
      let filed = try await ledger.fileSample(job: 200)
      #expect(!broken.filed.map(\.number).contains(filed.number))
      let counts = try await ledger.counts()
      #expect(counts == LedgerCounts(filed: 61, waiting: 101, sent: 20, refused: 0, untold: 1))
    }
  }

  @Test func theAuditGoesOnBehindTheOldEntries() async throws {
    try await withBroken { broken in
      let before = try await broken.bench.open()
      let head = try await before.head()
      try before.close()
      _ = try await broken.salvage()
      let ledger = try await opened(broken)
      // Salvaged, allotment taken, opened.
      #expect(try await ledger.head().entries == head.entries + 3)
      #expect(try await ledger.check().damage.isEmpty)
    }
  }

  @Test func whoHoldsTheLedgerIsNotDisturbed() async throws {
    try await withBroken { broken in
      let ledger = try await broken.bench.open()
      await #expect(throws: OpenFault.heldByAnother(process: getpid())) { try await broken.salvage() }
      #expect(try await ledger.waiting(500).count == 100)
    }
  }

  @Test("a salvage that was killed is gone on with, and no ledger opens meanwhile", arguments: 0...2)
  func killed(point: Int) async throws {
    try await withBroken { broken in
      let swap = SalvageSwap(path: broken.bench.path, folder: broken.bench.folder + "/aside")
      let old = try swap.moveAside(at: Timestamp(milliseconds: 5))
      let files = FileManager.default
      switch point {
      // Between the log and the file; with half a new file; with the new one in place.
      case 0: try files.moveItem(atPath: old, toPath: broken.bench.path)
      case 1: try Data("half".utf8).write(to: URL(filePath: swap.new))
      default: try files.copyItem(atPath: old, toPath: broken.bench.path)
      }
      await #expect(throws: OpenFault.self) { try await opened(broken) }
      let report = try await broken.salvage()
      #expect(report.aside == old)
      #expect(report.read == broken.envelopes.count)
      #expect(try await opened(broken).waiting(500).count == 100)
    }
  }

  @Test func aNewLedgerWhoseLogIsNotEmptyDoesNotTakeThePlace() async throws {
    try await withBroken { broken in
      let swap = SalvageSwap(path: broken.bench.path, folder: broken.bench.folder + "/aside")
      _ = try swap.moveAside(at: Timestamp(milliseconds: 5))
      let log = Data(repeating: 7, count: 5000)
      try Data("new".utf8).write(to: URL(filePath: swap.new))
      try log.write(to: URL(filePath: swap.new + "-wal"))
      #expect(throws: OpenFault.self) { try swap.putInPlace() }
      #expect(try Data(contentsOf: URL(filePath: swap.new + "-wal")) == log)
      #expect(!FileManager.default.fileExists(atPath: broken.bench.path))
      #expect(try await broken.salvage().read == broken.envelopes.count)
    }
  }

  @Test func aLedgerOfANewerProgramIsLeftWhereItIs() async throws {
    try await withBroken { broken in
      let later = LedgerSchema.migrations + [Migration("6 later", "CREATE TABLE later (a TEXT) STRICT;")]
      try DurableDatabase.open(path: broken.bench.path, migrations: later, outcomeUnknown: {}).close()
      await #expect(throws: OpenFault.newer) { try await broken.salvage() }
      await #expect(throws: OpenFault.newer) { try await opened(broken) }
      let again = try DurableDatabase.open(path: broken.bench.path, migrations: later, outcomeUnknown: {})
      #expect(try await again.read { try LedgerCounts($0).waiting } == 100)
    }
  }

  @Test func aDamagedNameOfAStepIsNoNewerProgram() async throws {
    try await withBroken { broken in
      let data = try Data(contentsOf: URL(filePath: broken.bench.path))
      for range in data.ranges(of: Data("5 conditions".utf8)) {
        try broken.flip(at: range.lowerBound, mask: 0x0C)
      }
      await #expect(throws: OpenFault.broken) { try await opened(broken) }
      #expect(try await broken.salvage().read == broken.envelopes.count)
    }
  }

  @Test func aLedgerOfTheThirdFormIsSalvagedAsWellAsOneOfThis() async throws {
    try await LedgerBench.run { bench in
      let numbers = try await bench.writeThirdForm()
      let report = try await BrokenLedger(at: bench).salvage()
      #expect(report.lostUnsent == 0)
      #expect(report.lostFilings == 0)
      let ledger = try await bench.open(try LedgerBench.numbering("00A8"))
      #expect(
        try await ledger.counts() == LedgerCounts(filed: 3, waiting: 2, sent: 2, refused: 1, untold: 1))
      #expect(try await ledger.untold().map(\.number) == [numbers[2]])
      #expect(try await ledger.slips() == ["printed", nil, "unknown"])
      #expect(try await ledger.check().damage.isEmpty)
    }
  }

  @Test func aSecondSalvageTakesAPlaceOfItsOwn() async throws {
    try await withBroken { broken in
      let first = try await broken.salvage()
      let second = try await broken.salvage()
      #expect(first.aside != second.aside)
      #expect(second.read == first.read)
    }
  }

  @Test func ofSeveralCopiesASoundOneIsTaken() throws {
    var rows = SalvagedRows { $0.content == [9] ? "flipped" : nil }
    let allotment = try #require(Allotment("00A7"))
    let number = try #require(
      CaseNumber(area: "320507", allotment: allotment, day: LedgerBench.day, sequence: 1))
    let id = EnvelopeID(milliseconds: 1, chance: [UInt8](repeating: 1, count: 10))
    func record(_ content: [UInt8]) -> RawRecord {
      RawRecord(
        row: 7,
        values: [
          .null, .blob(id.bytes), .text(Array(number.description.utf8)),
          .text(Array("application".utf8)), .blob([]), .integer(5), .blob([1]), .blob([2]), .blob(content),
          .blob([UInt8](repeating: 0, count: 64)),
        ])
    }
    let (first, second) = (RawFile.Place(offset: 1), RawFile.Place(offset: 2))
    rows.take(record([3]), at: first)
    rows.take(record([9]), at: second)
    #expect(rows.envelopes[id]?.place == first)
    rows.take(record([4]), at: second)
    #expect(rows.envelopes[id]?.place == second)
  }
}
