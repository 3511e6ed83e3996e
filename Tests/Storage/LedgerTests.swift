// SPDX-License-Identifier: Apache-2.0

import Foundation
import Matters
import Records
import Synchronization
import Testing

@testable import Storage

struct LedgerTests {
  private final class MovedClock: WallTime {
    let time: Mutex<QualifiedTime>

    init(_ milliseconds: Int64, _ quality: TimeQuality = .synchronised) {
      time = Mutex(QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: quality))
    }

    func now() -> QualifiedTime { time.withLock { $0 } }
  }

  private final class CountedChance: RandomSource {
    private let count = Mutex<UInt8>(0)

    func bytes(_ count: Int) -> [UInt8] {
      let next = self.count.withLock { value in
        value &+= 1
        return value
      }
      return [UInt8](repeating: next, count: count)
    }
  }

  private static let noon: Int64 = 1_795_233_600_000
  private static let floor = Day(year: 2026, month: 11, day: 20)

  private func withLedger(
    _ clock: MovedClock = MovedClock(noon), path: String? = nil,
    _ body: (Ledger, String) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = path ?? folder + "/ledger"
    try await body(try await open(path, clock), path)
  }

  private func open(_ path: String, _ clock: MovedClock) async throws -> Ledger {
    let allotment = try #require(Allotment("00A7"))
    return try await Ledger.open(
      path: path, numbering: Numbering(area: "320507", allotment: allotment, floor: Self.floor),
      clock: clock, chance: CountedChance(), outcomeUnknown: {})
  }

  private func envelope(
    _ reservation: Reservation, _ kind: EnvelopeKind = .application, after: [EnvelopeID] = []
  )
    -> Envelope
  {
    Envelope(
      id: reservation.id, number: reservation.number, kind: kind, after: after, header: [1, 2],
      routing: [3], content: [4], signature: [UInt8](repeating: 5, count: 64))
  }

  private func file(_ ledger: Ledger, job: UInt8 = 1) async throws -> Filed {
    let reservation = try await ledger.reserve()
    return try await ledger.file(
      envelope(reservation), slip: SlipJob(chance: [UInt8](repeating: job, count: 16)))
  }

  @Test func numbersAscendAndAGapIsAllowed() async throws {
    try await withLedger { ledger, _ in
      _ = try await ledger.reserve()
      let filed = try await file(ledger)
      #expect(filed.number.sequence == 2)
      #expect(filed.number.grouped.hasPrefix("320507-00A7-20261121-00002-"))
    }
  }

  @Test func theSequenceGoesOnAfterARestart() async throws {
    try await withLedger { ledger, path in
      let first = try await file(ledger)
      try ledger.close()
      // The lock belongs to the file, not to the object: a second life opens a copy.
      let copy = path + "-next"
      try FileManager.default.copyItem(atPath: path, toPath: copy)
      try? FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
      let second = try await file(try await open(copy, MovedClock(Self.noon)), job: 2)
      #expect(second.number.sequence == first.number.sequence + 1)
    }
  }

  @Test func aNumberNeverBearsADayBeforeTheFloor() async throws {
    try await withLedger(MovedClock(0)) { ledger, _ in
      let reservation = try await ledger.reserve()
      #expect(reservation.number.day == Self.floor)
    }
    try await withLedger(MovedClock(Self.noon, .unknown)) { ledger, _ in
      let reservation = try await ledger.reserve()
      #expect(reservation.number.day == Self.floor)
    }
  }

  @Test func whatWasFiledWaitsAndAVerdictSettlesIt() async throws {
    try await withLedger { ledger, _ in
      let filed = try await file(ledger)
      #expect(try await ledger.waiting(limit: 10).map(\.id) == [filed.id])
      try await ledger.settle(filed.id, .stored)
      #expect(try await ledger.waiting(limit: 10).isEmpty)
      #expect(try await ledger.counts() == LedgerCounts(filed: 1, waiting: 0, sent: 1, refused: 0, untold: 1))
    }
  }

  @Test func aRefusedEnvelopeIsKeptWithItsReason() async throws {
    try await withLedger { ledger, _ in
      let filed = try await file(ledger)
      try await ledger.settle(filed.id, .refused(reason: "matterWithdrawn", correctable: true))
      let rows = try await ledger.outboxRows(limit: 10)
      #expect(rows.map(\.state) == [.refused])
      #expect(rows.first?.reason == "matterWithdrawn")
    }
  }

  @Test func anEnvelopeComesBackFromTheLedgerAsItWentIn() async throws {
    try await withLedger { ledger, _ in
      let filed = try await file(ledger)
      let told = envelope(try await ledger.reserve(about: filed), .told, after: [filed.id])
      try await ledger.add(told)
      #expect(try await ledger.waiting(limit: 10).last == told)
    }
  }

  @Test func aFilingIsUntoldUntilItIsToldAndToldOnce() async throws {
    try await withLedger { ledger, _ in
      let filed = try await file(ledger)
      #expect(try await ledger.untold() == [filed])
      try await ledger.add(envelope(try await ledger.reserve(about: filed), .told, after: [filed.id]))
      #expect(try await ledger.untold().isEmpty)
      let again = envelope(try await ledger.reserve(about: filed), .told, after: [filed.id])
      await #expect(throws: StoreFault.self) { try await ledger.add(again) }
    }
  }

  @Test func aNumberIsFiledOnce() async throws {
    try await withLedger { ledger, _ in
      let filed = try await file(ledger)
      let twice = envelope(try await ledger.reserve(about: filed))
      await #expect(throws: StoreFault.self) {
        try await ledger.file(twice, slip: SlipJob(chance: [UInt8](repeating: 9, count: 16)))
      }
      #expect(try await ledger.counts().filed == 1)
    }
  }

  @Test func theJournalKnowsOnlySlipsThatWereFiled() async throws {
    try await withLedger { ledger, _ in
      _ = try await file(ledger, job: 3)
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
      _ = try await file(ledger)
      #expect(await news.next() != nil)
    }
  }
}

struct CatalogueShelfTests {
  private let catalogue = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Kiosk/Catalogue/catalogue.json")

  @Test func aFaultyCatalogueIsRefusedWholeAndTheOldOneStays() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = CatalogueShelf(try Shelves.open(path: folder + "/shelves"))
    let good = [UInt8](try Data(contentsOf: catalogue))
    let now = Timestamp(milliseconds: 1)
    #expect(try await shelf.take(good, at: now).refused == nil)

    let text = String(decoding: good, as: UTF8.self)
    let bad = text.replacing("\"dept\": \"civil\"", with: "\"dept\": \"nobody\"", maxReplacements: 1)
    let inForce = try await shelf.take(Array(bad.utf8), at: now)
    #expect(inForce.catalogue.matters.count == 57)
    #expect(inForce.refused?.lines.first?.hasPrefix("matters[") == true)
    #expect(inForce.catalogue.matters.allSatisfy { $0.dept != "nobody" })
  }

  @Test func aFileThatIsNotJSONIsRefusedWithItsPlaceAndNothingIsInForce() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = CatalogueShelf(try Shelves.open(path: folder + "/shelves"))
    await #expect(throws: CatalogueFile.Refusal.self) {
      try await shelf.take(Array("{\"meta\": ".utf8), at: Timestamp(milliseconds: 1))
    }
  }
}
