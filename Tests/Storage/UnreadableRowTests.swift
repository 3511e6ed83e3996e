// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Testing

@testable import Storage

struct UnreadableRowTests {
  /// The first of three filings bears a number whose check character is wrong.
  private func withDamage(_ body: (Ledger, [Filed]) async throws -> Void) async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      var filed: [Filed] = []
      for job: UInt8 in 1...3 { filed.append(try await ledger.fileSample(job: job)) }
      try await ledger.file.write { database in
        try database.execute(
          sql: "UPDATE envelope SET number = replace(number, '00A7', '00A8') WHERE row = 1")
      }
      try await body(ledger, filed)
    }
  }

  @Test func theyDoNotStopTheOutbox() async throws {
    try await withDamage { ledger, filed async throws in
      #expect(try await ledger.waiting(1).map(\.id) == [filed[1].id])
      #expect(try await ledger.waiting(10).map(\.id) == [filed[1].id, filed[2].id])
    }
  }

  @Test func theyDoNotStopTheTelling() async throws {
    try await withDamage { ledger, filed async throws in
      #expect(try await ledger.untold() == [filed[1], filed[2]])
    }
  }

  @Test func theyAreCountedAndReportedAndNeverDeleted() async throws {
    try await withDamage { ledger, filed async throws in
      #expect(try await ledger.check().damage == ["envelope row 1 cannot be read and is not carried"])
      #expect(try await ledger.counts().waiting == 3)
      #expect(try await ledger.outboxRows(limit: 10).map(\.id) == [filed[2].id, filed[1].id])
    }
  }

  @Test func aSoundLedgerHasNoDamage() async throws {
    try await LedgerBench.run { bench in
      let ledger = try await bench.open()
      _ = try await ledger.fileSample()
      #expect(try await ledger.check().damage.isEmpty)
    }
  }
}
