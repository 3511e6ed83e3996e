// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Testing

@testable import Storage

struct CommandBookTests {
  private static let command = Command(
    id: String(repeating: "5", count: 32), act: "deliver", until: Timestamp(milliseconds: LedgerBench.noon))

  @Test func aCommandIsObeyedOnceAndAnsweredEachTime() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      let before = try await ledger.head().entries
      #expect(try await ledger.begin(Self.command) == nil)
      let done = CommandOutcome(.failed, detail: "the link is down")
      try await ledger.finish(Self.command.id, done)
      #expect(try await ledger.begin(Self.command) == done)
      // The first word stays.
      try await ledger.finish(Self.command.id, CommandOutcome(.done))
      #expect(try await ledger.begin(Self.command) == done)
      #expect(try await ledger.head().entries == before + 2)
    }
  }

  @Test func oneBegunInAFormerLifeIsUnknownAndNotObeyedAgain() async throws {
    try await LedgerBench.run { bench in
      let first = try await bench.open()
      #expect(try await first.begin(Self.command) == nil)
      try first.close()
      let second = try await bench.open()
      #expect(try await second.begin(Self.command) == CommandOutcome(.unknown))
      #expect(try await second.begin(Self.command) == CommandOutcome(.unknown))
      try await second.finish(Self.command.id, CommandOutcome(.unknown, detail: "restarted"))
      #expect(try await second.begin(Self.command)?.detail == "restarted")
    }
  }

  @Test func oneThatIsBeingObeyedIsWaitedFor() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      #expect(try await ledger.begin(Self.command) == nil)
      async let again = ledger.begin(Self.command)
      try await ledger.finish(Self.command.id, CommandOutcome(.done))
      #expect(try await again == CommandOutcome(.done))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func oneWhoseEndCouldNotBeKeptHoldsUpNobody() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      #expect(try await ledger.begin(Self.command) == nil)
      try await ledger.file.write { database in
        try database.execute(
          sql: "CREATE TRIGGER full BEFORE UPDATE ON command BEGIN SELECT raise(ABORT, 'no'); END")
      }
      async let meanwhile = ledger.begin(Self.command)
      await #expect(throws: StoreFault.self) {
        try await ledger.finish(Self.command.id, CommandOutcome(.done))
      }
      #expect([CommandOutcome(.done), CommandOutcome(.unknown)].contains(try await meanwhile))
      #expect(try await ledger.begin(Self.command) == CommandOutcome(.unknown))
    }
  }

  @Test func whatWasNeverBegunIsNotEnded() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      await #expect(throws: StoreFault.missing) {
        try await ledger.finish(Self.command.id, CommandOutcome(.done))
      }
    }
  }
}
