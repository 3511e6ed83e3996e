// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Synchronization
import Testing

@testable import DurableSQLite

struct DurableDatabaseTests {
  static let migrations = [
    Migration("1", "CREATE TABLE word (text TEXT NOT NULL UNIQUE CHECK (length(text) < 20)) STRICT;")
  ]

  private func withFile(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder + "/file")
  }

  private func open(_ path: String) throws -> DurableDatabase {
    try DurableDatabase.open(path: path, migrations: Self.migrations, outcomeUnknown: {})
  }

  private func words(_ file: DurableDatabase) async throws -> [String] {
    try await file.read { try String.fetchAll($0, sql: "SELECT text FROM word ORDER BY rowid") }
  }

  @Test func committedMeansSyncedInFull() async throws {
    try await withFile { path in
      let file = try open(path)
      let pragmas = try await file.read { database in
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
      let first = try open(path)
      #expect(throws: OpenFault.heldByAnother(process: getpid())) { try open(path) }
      try first.close()
    }
  }

  @Test func aNeighbourThatFailsUndoesOnlyItself() async throws {
    try await withFile { path in
      let file = try open(path)
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            // Every fourth breaks the CHECK; its neighbours must not feel it.
            let text = number % 4 == 0 ? String(repeating: "x", count: 30) : "word \(number)"
            try? await file.write { try $0.execute(sql: "INSERT INTO word VALUES (?)", arguments: [text]) }
          }
        }
      }
      #expect(try await words(file).count == 30)
    }
  }

  @Test func aBodyThatThrowsKeepsNothing() async throws {
    try await withFile { path in
      let file = try open(path)
      await #expect(throws: StoreFault.missing) {
        try await file.write { database in
          try database.execute(sql: "INSERT INTO word VALUES ('gone')")
          throw StoreFault.missing
        }
      }
      #expect(try await words(file) == [])
    }
  }

  @Test func whatWasAcknowledgedIsThereAfterTheLogIsRewritten() async throws {
    try await withFile { path in
      let file = try open(path)
      for word in ["one", "two"] {
        try await file.write { try $0.execute(sql: "INSERT INTO word VALUES (?)", arguments: [word]) }
      }
      // As after a kill: the log lies beside the file, nobody closed anything.
      let copy = path + "-copy"
      for ending in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending)
      }
      let before = try Data(contentsOf: URL(filePath: copy + "-wal"))
      try BootRepair.rewriteLog(of: copy)
      #expect(try Data(contentsOf: URL(filePath: copy + "-wal")) == before)
      #expect(try await words(try open(copy)) == ["one", "two"])
    }
  }

  @Test func aFileThatIsNoDatabaseIsBroken() async throws {
    try await withFile { path in
      try Data(repeating: 7, count: 8192).write(to: URL(filePath: path))
      #expect(throws: OpenFault.broken) { try open(path) }
    }
  }

  @Test func aFullDiskUndoesTheRowAndTheNextOneIsTaken() async throws {
    try await withFile { path in
      let ended = Mutex(false)
      let file = try DurableDatabase.open(path: path, migrations: Self.migrations) {
        ended.withLock { $0 = true }
      }
      try await file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
      await #expect(throws: StoreFault.full) {
        try await file.write { try $0.execute(sql: "CREATE TABLE more (text TEXT)") }
      }
      try await file.write { try $0.execute(sql: "PRAGMA max_page_count = 1000") }
      try await file.write { try $0.execute(sql: "INSERT INTO word VALUES ('after')") }
      #expect(try await words(file) == ["after"])
      #expect(!ended.withLock { $0 })
    }
  }

  @Test func aReadOnlyFileIsFullAndNoReasonToEnd() async throws {
    try await withFile { path in
      let ended = Mutex(false)
      let file = try DurableDatabase.open(path: path, migrations: Self.migrations) {
        ended.withLock { $0 = true }
      }
      try await file.write { try $0.execute(sql: "PRAGMA query_only = 1") }
      await #expect(throws: StoreFault.full) {
        try await file.write { try $0.execute(sql: "INSERT INTO word VALUES ('no')") }
      }
      #expect(!ended.withLock { $0 })
    }
  }

  @Test func aLogThatCannotBeRewrittenForWantOfRoomIsAFullDisk() async throws {
    try await withFile { path in
      // Reads as zeros for ever and has no room for any.
      try FileManager.default.createSymbolicLink(
        atPath: path + "-wal", withDestinationPath: "/dev/full")
      #expect(throws: OpenFault.full) { try open(path) }
    }
  }
}
