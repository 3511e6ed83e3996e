// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Testing

@testable import DurableSQLite

struct MigratingTests {
  private static let second = Migration("2", "ALTER TABLE word ADD COLUMN tone INTEGER;")
  private static let third = Migration("3", "CREATE TABLE more (text TEXT) STRICT;")

  /// Of the first form, with one word.
  private func withOldFile(_ body: (String) async throws -> Void) async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try await file.add("kept")
      try file.close()
      try await body(folder + "/file")
    }
  }

  @Test func beforeEachStepACopyOfTheFileIsKept() async throws {
    try await withOldFile { path in
      let file = try DurableDatabase.ofWords(path, and: [Self.second, Self.third])
      #expect(file.migrated == ["2", "3"])
      #expect(try await file.words() == ["kept"])
      try await file.write { try $0.execute(sql: "UPDATE word SET tone = 3") }
      let before = try DurableDatabase.ofWords(path + ".before-2")
      #expect(before.migrated.isEmpty)
      #expect(try await before.words() == ["kept"])
      #expect(FileManager.default.fileExists(atPath: path + ".before-3"))
    }
  }

  @Test func aNewFileHasNoCopies() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file", and: [Self.second])
      #expect(file.migrated.isEmpty)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(!names.contains { $0.contains("before") })
    }
  }

  @Test func whatIsOnlyInTheLogIsInTheCopyToo() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try await file.add("in the log")
      let path = folder + "/killed"
      try Folder.copy(folder + "/file", to: path)
      _ = try DurableDatabase.ofWords(path, and: [Self.second])
      #expect(try await DurableDatabase.ofWords(path + ".before-2").words() == ["in the log"])
    }
  }

  @Test func aNewerFileIsLeftAsItIs() async throws {
    try await Folder.with { folder in
      let newer = try DurableDatabase.ofWords(folder + "/file", and: [Self.second])
      try await newer.add("in the log")
      let path = folder + "/killed"
      try Folder.copy(folder + "/file", to: path)
      let before = try [path, path + "-wal"].map(Folder.bytes)
      #expect(throws: OpenFault.newer) { try DurableDatabase.ofWords(path) }
      #expect(try [path, path + "-wal"].map(Folder.bytes) == before)
    }
  }

  @Test func withoutRoomForTheCopyNothingIsChanged() async throws {
    try await withOldFile { path in
      try FileManager.default.createSymbolicLink(
        atPath: path + ".before-2.new", withDestinationPath: "/dev/full")
      #expect(throws: OpenFault.full) { try DurableDatabase.ofWords(path, and: [Self.second]) }
      let old = try DurableDatabase.ofWords(path)
      #expect(try await old.words() == ["kept"])
      try old.close()
      #expect(try DurableDatabase.ofWords(path, and: [Self.second]).migrated == ["2"])
    }
  }

  @Test func aStepThatFailsHalfwayIsNotTaken() async throws {
    try await withOldFile { path in
      let halfway = Migration("2", "CREATE TABLE half (text TEXT) STRICT; INSERT INTO nowhere VALUES (1);")
      #expect(throws: OpenFault.self) { try DurableDatabase.ofWords(path, and: [halfway]) }
      let old = try DurableDatabase.ofWords(path)
      #expect(try await old.words() == ["kept"])
      #expect(try await old.read { try $0.tableExists("half") } == false)
    }
  }

  @Test func aCopyTakesThePlaceOfAnOlderOne() async throws {
    try await withOldFile { path in
      try Data("older".utf8).write(to: URL(filePath: path + ".before-2"))
      _ = try DurableDatabase.ofWords(path, and: [Self.second])
      #expect(try await DurableDatabase.ofWords(path + ".before-2").words() == ["kept"])
    }
  }
}
