// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records
import Testing

@testable import DurableSQLite

struct NoRoomTests {
  private func fault(
    _ code: ResultCode, _ systemError: CInt = 0, atCommit: Bool = true
  ) -> StoreFault {
    StoreFault(DatabaseError(resultCode: code), systemError: systemError, atCommit: atCommit)
  }

  @Test("a write that the disk does not take keeps nothing", arguments: [ENOSPC, EDQUOT, EROFS])
  func full(systemError: CInt) {
    #expect(fault(.SQLITE_IOERR_WRITE, systemError) == .full)
    #expect(fault(.SQLITE_CANTOPEN, systemError) == .full)
    #expect(OpenFault("the log cannot be opened", systemError: systemError) == .full)
  }

  @Test func sqlitesOwnWordsForFullAndReadOnlyNeedNoSystemError() {
    #expect(fault(.SQLITE_FULL) == .full)
    #expect(fault(.SQLITE_READONLY) == .full)
    #expect(fault(ResultCode(rawValue: ResultCode.SQLITE_READONLY.rawValue | (5 << 8))) == .full)
  }

  @Test("an error of the disk at commit leaves the outcome open")
  func unknown() {
    #expect(fault(.SQLITE_IOERR_WRITE, EIO) == .outcomeUnknown)
    #expect(fault(.SQLITE_IOERR_FSYNC, EIO) == .outcomeUnknown)
    // The commit may stand in the log already: what failed is the sync.
    #expect(fault(.SQLITE_IOERR_FSYNC, EROFS) == .outcomeUnknown)
    #expect(fault(.SQLITE_IOERR) == .outcomeUnknown)
  }

  @Test func beforeTheCommitNothingIsLeftOpen() {
    #expect(fault(.SQLITE_IOERR_READ, EIO, atCommit: false) == .broken)
    #expect(fault(.SQLITE_CORRUPT, atCommit: false) == .broken)
  }

  @Test func anotherErrorAtOpeningKeepsItsNumberForTheLog() {
    #expect(
      OpenFault("no lock file can be made", systemError: EACCES)
        == .cannotOpen("no lock file can be made, error 13"))
  }

  @Test func errorsThatLostTheirSystemErrorAreToldByTheDiskItself() throws {
    let path = FileManager.default.temporaryDirectory.path
    #expect(OpenFault(DatabaseError(resultCode: .SQLITE_CORRUPT), at: path) == .broken)
    #expect(OpenFault(DatabaseError(resultCode: .SQLITE_FULL), at: path) == .full)
    #expect(OpenFault(DatabaseError(resultCode: .SQLITE_CANTOPEN), at: path) != .full)
  }
}
