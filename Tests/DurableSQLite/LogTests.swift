// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import GRDB
import Records
import Testing

@testable import DurableSQLite

struct LogTests {
  private func size(_ path: String) throws -> Int { try Folder.bytes(path).count }

  @Test func aNewFileHasALogOfFullSizeThatDoesNotGrow() async throws {
    try await Folder.with { folder in
      let path = folder + "/file"
      let file = try DurableDatabase.ofWords(path)
      let laid = try size(path + "-wal")
      #expect(laid > Connections.framesOfLog * 4096)
      for number in 1...50 { try await file.add("word \(number)") }
      #expect(try size(path + "-wal") == laid)
      #expect(try await file.words().count == 50)
    }
  }

  @Test func aCleanEndBringsEverythingIntoTheFileAndMarksTheLogEmpty() async throws {
    try await Folder.with { folder in
      let path = folder + "/file"
      let file = try DurableDatabase.ofWords(path)
      try await file.add("one")
      let full = try size(path + "-wal")
      try file.close()
      let log = try Folder.bytes(path + "-wal")
      #expect(log.count == full)
      #expect(log.prefix(32).allSatisfy { $0 == 0 })
      // The file alone holds it.
      try FileManager.default.copyItem(atPath: path, toPath: folder + "/alone")
      #expect(try await DurableDatabase.ofWords(folder + "/alone").words() == ["one"])
      #expect(try await DurableDatabase.ofWords(path).words() == ["one"])
    }
  }

  /// The only sign of the rewriting that this side of a power cut has: the file was written.
  @Test func afterAnUncleanEndTheLogIsRewrittenBeforeItIsBelieved() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try await file.add("one")
      let copy = folder + "/copy"
      try Folder.copy(folder + "/file", to: copy)
      let long = Date(timeIntervalSince1970: 1_000_000_000)
      try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: copy + "-wal")
      let before = try Folder.bytes(copy + "-wal")
      let again = try DurableDatabase.ofWords(copy)
      let written = try FileManager.default.attributesOfItem(atPath: copy + "-wal")[.modificationDate]
      #expect(try #require(written as? Date) > long)
      #expect(try Folder.bytes(copy + "-wal") == before)
      #expect(try await again.words() == ["one"])
    }
  }

  @Test func anEmptyLogIsNotRewritten() async throws {
    try await Folder.with { folder in
      let path = folder + "/file"
      try DurableDatabase.ofWords(path).close()
      let long = Date(timeIntervalSince1970: 1_000_000_000)
      try FileManager.default.setAttributes([.modificationDate: long], ofItemAtPath: path + "-wal")
      let file = try DurableDatabase.ofWords(path)
      let written = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.modificationDate]
      #expect(written as? Date == long)
      try await file.add("one")
      #expect(try await file.words() == ["one"])
    }
  }

  @Test func whoReadsDoesNotWaitForWhoWrites() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try await file.add("before")
      let (begun, read) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
      async let written: Void = file.write { database in
        try database.execute(sql: "INSERT INTO word (text) VALUES ('during')")
        begun.signal()
        read.wait()
      }
      await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
          begun.wait()
          continuation.resume()
        }
      }
      #expect(try await file.words() == ["before"])
      read.signal()
      try await written
      #expect(try await file.words() == ["before", "during"])
    }
  }

  @Test func whoeverIsCancelledGetsItsAnswerAllTheSame() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try await file.add("one")
      let reading = Task {
        withUnsafeCurrentTask { $0?.cancel() }
        return try await file.words()
      }
      #expect(try await reading.value == ["one"])
    }
  }

  @Test func aFileMayBeOpenedAgainOnceItIsClosed() async throws {
    try await Folder.with { folder in
      let file = try DurableDatabase.ofWords(folder + "/file")
      try file.close()
      let again = try DurableDatabase.ofWords(folder + "/file")
      try await again.add("one")
      await #expect(throws: StoreFault.self) { try await file.add("two") }
    }
  }
}
