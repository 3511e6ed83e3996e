// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Synchronization
import Testing

@testable import Storage

struct LedgerDoorTests {
  private func door(_ bench: LedgerBench, spares: [String] = []) async throws -> LedgerDoor {
    let numbering = try LedgerBench.numbering(spares: spares)
    return try await LedgerDoor.find { news async throws(OpenFault) in
      try await bench.open(numbering, news: news)
    }
  }

  @Test func aBrokenLedgerClosesTheDoorAndNothingElse() async throws {
    try await LedgerBench.run { bench in
      try Data(repeating: 7, count: 8192).write(to: URL(filePath: bench.path))
      let door = try await door(bench)
      #expect(door.closedBy == .broken)
      #expect(await door.standing() == .broken)
      await #expect(throws: StoreFault.broken) { try await door.reserve() }
      await #expect(throws: StoreFault.broken) { try await door.untold() }
      #expect(try await door.waiting(10).isEmpty)
    }
  }

  @Test func aFullDiskIsCalledFull() async throws {
    let door = try await LedgerDoor.find { _ async throws(OpenFault) in throw .full }
    #expect(await door.standing() == .full)
    await #expect(throws: StoreFault.full) { try await door.reserve() }
  }

  @Test func aLedgerThatAnotherProcessHoldsIsNoClosedDoor() async throws {
    await #expect(throws: OpenFault.heldByAnother(process: 7)) {
      _ = try await LedgerDoor.find { _ async throws(OpenFault) in throw .heldByAnother(process: 7) }
    }
  }

  @Test func aDoorThatOpensLaterTellsTheCourier() async throws {
    try await LedgerBench.run { bench in
      let full = Mutex(true)
      let door = try await LedgerDoor.find { news async throws(OpenFault) in
        if full.withLock({ $0 }) { throw .full }
        return try await bench.open(news: news)
      }
      var news = door.news().makeAsyncIterator()
      #expect(await news.next() != nil)
      #expect(await !door.tryAgain())
      full.withLock { $0 = false }
      #expect(await door.tryAgain())
      #expect(await news.next() != nil)
      #expect(await door.standing() == .ready)
      let filed = try await door.fileSample()
      #expect(await news.next() != nil)
      #expect(try await door.waiting(1).map(\.id) == [filed.id])
    }
  }

  @Test func aLedgerThatRanFullIsReadyAgainWhenThereIsRoom() async throws {
    try await LedgerBench.run { bench in
      let door = try await door(bench)
      let ledger = try door.ledger()
      try await ledger.file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
      #expect(await door.standing() == .full)
      try await ledger.file.write { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
      #expect(await door.standing() == .ready)
      #expect(try await ledger.counts().filed == 0)
    }
  }

  @Test func withoutNumbersTheDoorIsOpenButNotReady() async throws {
    try await LedgerBench.run { bench in
      _ = try await bench.open()
      try bench.loseLedger()
      let door = try await door(bench)
      #expect(door.closedBy == nil)
      #expect(await door.standing() == .noNumbers)
    }
  }

  @Test func aLedgerThatIsClosedBehindItsDoorEndsCleanly() async throws {
    try await LedgerBench.run { bench in
      let door = try await door(bench)
      let filed = try await door.fileSample()
      try door.ledger().close()
      await #expect(throws: StoreFault.self) { try await door.fileSample(job: 2) }
      // Nobody holds it any more, and the numbers go on without a gap.
      let next = try await bench.open().fileSample(job: 3)
      #expect(next.number.sequence == filed.number.sequence + 1)
    }
  }
}
