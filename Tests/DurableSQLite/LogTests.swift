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

  /// Cut short under its old header it would bring older pages back over newer ones.
  @Test func aLogIsNotCutBeforeItsHeaderIsGone() throws {
    // What Glibc's headers do not show Swift: memfd_create, MFD_ALLOW_SEALING, F_ADD_SEALS,
    // F_SEAL_WRITE.
    typealias MakeFile = @convention(c) (UnsafePointer<CChar>, CUnsignedInt) -> CInt
    let make = unsafeBitCast(try #require(dlsym(nil, "memfd_create")), to: MakeFile.self)
    let sealed = make("log", 2)
    defer { close(sealed) }
    let long = 100 << 20
    #expect(ftruncate(sealed, long) == 0)
    #expect(pwrite(sealed, [1], 1, 0) == 1)
    // It can be cut, but not written.
    #expect(fcntl(sealed, 1033, 8) == 0)
    let link = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createSymbolicLink(
      atPath: link + "-wal", withDestinationPath: "/proc/self/fd/\(sealed)")
    defer { unlink(link + "-wal") }
    EmptyLog.mark(beside: link)
    var status = stat()
    #expect(fstat(sealed, &status) == 0)
    #expect(status.st_size == long)
  }

  /// While another program reads from the log SQLite goes on behind its end, under the header
  /// that is there: zeros would make a restart blind to all that follows.
  @Test func aLogThatAnotherStillReadsIsNotMarkedEmpty() async throws {
    try await Folder.with { folder in
      let path = folder + "/file"
      let file = try DurableDatabase.ofWords(path)
      try await file.add("one")
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let other = try DatabaseQueue(path: path, configuration: configuration)
      try await other.writeWithoutTransaction { database in
        try database.execute(sql: "BEGIN; SELECT count(*) FROM word")
      }
      try file.close()
      let again = try DurableDatabase.ofWords(path)
      try await again.add("two")
      try Folder.copy(path, to: folder + "/killed")
      #expect(try await DurableDatabase.ofWords(folder + "/killed").words() == ["one", "two"])
      try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }
  }

  private func killed(_ path: String, words: Int) async throws -> [UInt8] {
    let file = try DurableDatabase.ofWords(path)
    for number in 1...words { try await file.add("word \(number)") }
    try Folder.copy(path, to: path + "-killed")
    return try [UInt8](Folder.bytes(path + "-wal"))
  }

  private func reopened(_ path: String) throws(OpenFault) -> DurableDatabase {
    try DurableDatabase.open(
      path: path, migrations: DurableDatabase.wordsForm, refusingLostCommits: true, outcomeUnknown: {})
  }

  @Test("whole commits behind a damaged place are not dropped in silence", arguments: [8, 300, 4000])
  func damaged(place: Int) async throws {
    try await Folder.with { folder in
      var log = try await killed(folder + "/file", words: 12)
      let frames = RawLog.frames { Array(log.dropFirst($0).prefix($1)) }
      let header = frames[frames.count / 2].offset - 24
      for offset in 0..<20 { log[header + place + offset] ^= 0x40 }
      let copy = folder + "/file-killed"
      try Data(log).write(to: URL(filePath: copy + "-wal"))
      #expect(throws: OpenFault.broken) { try reopened(copy) }
      #expect(try [UInt8](Folder.bytes(copy + "-wal")) == log)
    }
  }

  @Test("a log whose header is damaged is not taken for an empty one", arguments: [3, 6, 10, 15, 18, 26])
  func damagedHeader(place: Int) async throws {
    try await Folder.with { folder in
      var log = try await killed(folder + "/file", words: 3)
      log[place] ^= 0x55
      let copy = folder + "/file-killed"
      try Data(log).write(to: URL(filePath: copy + "-wal"))
      #expect(throws: OpenFault.broken) { try reopened(copy) }
      #expect(try [UInt8](Folder.bytes(copy + "-wal")) == log)
    }
  }

  @Test func aCommitThatWasCutShortIsNoDamage() async throws {
    try await Folder.with { folder in
      var log = try await killed(folder + "/file", words: 12)
      let frames = RawLog.frames { Array(log.dropFirst($0).prefix($1)) }
      let copy = folder + "/file-killed"
      #expect(try await reopened(copy).words().count == 12)
      // The last of its frames is there, one before it is not.
      log[frames[frames.count - 2].offset + 300] ^= 0x40
      try Folder.copy(folder + "/file", to: folder + "/again")
      try Data(log).write(to: URL(filePath: folder + "/again-wal"))
      let again = try reopened(folder + "/again")
      #expect(try await again.words().count == 11)
      try await again.add("more")
      try Folder.copy(folder + "/again", to: folder + "/third")
      #expect(try await reopened(folder + "/third").words().count == 12)
    }
  }

  @Test func nothingIsKeptBehindTheEnd() async throws {
    try await Folder.with { folder in
      let queue = try DatabaseQueue(path: folder + "/file")
      try await queue.write { try $0.execute(sql: "CREATE TABLE word (text TEXT)") }
      let commits = GroupCommit(queue: queue) {}
      try await commits.write { try $0.execute(sql: "INSERT INTO word VALUES ('one')") }
      try await queue.writeWithoutTransaction { _ in commits.end() }
      await #expect(throws: StoreFault.broken) {
        try await commits.write { try $0.execute(sql: "INSERT INTO word VALUES ('two')") }
      }
      #expect(try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM word") } == 1)
    }
  }

  @Test func aClosedFileSaysWhetherItsLogMayGo() async throws {
    try await Folder.with { folder in
      let path = folder + "/file"
      let file = try DurableDatabase.ofWords(path)
      try await file.add("one")
      #expect(!DurableDatabase.isWhole(path))
      try file.close()
      #expect(DurableDatabase.isWhole(path))
      unlink(path + "-wal")
      #expect(DurableDatabase.isWhole(path))
    }
  }

  @Test func whoForbidsTheOpeningIsAskedUnderTheLockAndBeforeAnythingIsMade() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { unlink(path + ".lock") }
    func forbid() throws(OpenFault) {
      #expect(throws: OpenFault.heldByAnother(process: getpid())) { try OwnerLock.take(path + ".lock") }
      throw .newer
    }
    #expect(throws: OpenFault.newer) {
      try DurableDatabase.open(
        path: path, migrations: DurableDatabase.wordsForm, unless: forbid, outcomeUnknown: {})
    }
    #expect(!FileManager.default.fileExists(atPath: path))
    #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
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
