// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Synchronization
import Testing

@testable import DurableSQLite

struct DurableDatabaseTests {
  private func withFile(_ body: (String) async throws -> Void) async throws {
    try await Folder.with { try await body($0 + "/file") }
  }

  @Test func committedMeansSyncedInFull() async throws {
    try await withFile { path in
      let file = try DurableDatabase.ofWords(path)
      // Of the connection that writes.
      let pragmas = try await file.write { database in
        [
          try String.fetchOne(database, sql: "PRAGMA synchronous"),
          try String.fetchOne(database, sql: "PRAGMA journal_mode"),
          try String.fetchOne(database, sql: "PRAGMA foreign_keys"),
        ]
      }
      #expect(pragmas == ["2", "wal", "1"])
    }
  }

  @Test func aSecondOwnerIsTurnedAwayAndToldWhoHoldsIt() async throws {
    try await withFile { path in
      let first = try DurableDatabase.ofWords(path)
      #expect(throws: OpenFault.heldByAnother(process: getpid())) { try DurableDatabase.ofWords(path) }
      try first.close()
    }
  }

  @Test func aNeighbourThatFailsUndoesOnlyItself() async throws {
    try await withFile { path in
      let file = try DurableDatabase.ofWords(path)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            // Every fourth breaks the CHECK; its neighbours must not feel it.
            let text = number % 4 == 0 ? String(repeating: "x", count: 30) : "word \(number)"
            try? await file.add(text)
          }
        }
      }
      #expect(try await file.words().count == 30)
    }
  }

  @Test func aBodyThatThrowsKeepsNothing() async throws {
    try await withFile { path in
      let file = try DurableDatabase.ofWords(path)
      await #expect(throws: StoreFault.missing) {
        try await file.write { database in
          try database.execute(sql: "INSERT INTO word VALUES ('gone')")
          throw StoreFault.missing
        }
      }
      #expect(try await file.words() == [])
    }
  }

  @Test func aFileThatIsNoDatabaseIsBroken() async throws {
    try await withFile { path in
      try Data(repeating: 7, count: 8192).write(to: URL(filePath: path))
      #expect(throws: OpenFault.broken) { try DurableDatabase.ofWords(path) }
    }
  }

  @Test func aFullDiskUndoesTheRowAndTheNextOneIsTaken() async throws {
    try await withFile { path in
      let ended = Mutex(false)
      let file = try DurableDatabase.ofWords(path) {
        ended.withLock { $0 = true }
      }
      try await file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
      await #expect(throws: StoreFault.full) {
        try await file.write { try $0.execute(sql: "CREATE TABLE more (text TEXT)") }
      }
      try await file.write { try $0.execute(sql: "PRAGMA max_page_count = 1000") }
      try await file.write { try $0.execute(sql: "INSERT INTO word VALUES ('after')") }
      #expect(try await file.words() == ["after"])
      #expect(!ended.withLock { $0 })
    }
  }

  @Test func aReadOnlyFileIsFullAndNoReasonToEnd() async throws {
    try await withFile { path in
      let ended = Mutex(false)
      let file = try DurableDatabase.ofWords(path) {
        ended.withLock { $0 = true }
      }
      try await file.write { try $0.execute(sql: "PRAGMA query_only = 1") }
      await #expect(throws: StoreFault.full) {
        try await file.write { try $0.execute(sql: "INSERT INTO word VALUES ('no')") }
      }
      #expect(!ended.withLock { $0 })
    }
  }
}
