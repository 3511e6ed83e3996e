// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Glibc
import Records

/// A disk that takes nothing: full, over a quota, or read-only.
enum NoRoom {
  /// Whether a system call that failed so wrote nothing, and no later one will until
  /// somebody makes room.
  static func isMeant(by systemError: CInt) -> Bool {
    [ENOSPC, EDQUOT, EROFS].contains(systemError)
  }

  /// For errors of SQLite that have lost their system error on the way.
  static func prevails(at path: String) -> Bool {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { return false }
    return status.f_flag & UInt(ST_RDONLY) != 0 || status.f_bavail == 0
  }
}

extension StoreFault {
  /// What a database error means to whoever waits for the row.
  ///
  /// - Parameters:
  ///   - systemError: what the system said (`Database.systemError`).
  ///   - atCommit: an input/output error there leaves open whether the rows are on disk;
  ///     anywhere else they are undone.
  init(_ error: any Error, systemError: CInt = 0, atCommit: Bool = false) {
    guard let error = error as? DatabaseError else {
      self = .broken
      return
    }
    self =
      switch error.resultCode {
      case .SQLITE_FULL, .SQLITE_READONLY: .full
      // A write that failed left no commit in the log; a failed sync may have.
      case .SQLITE_IOERR
      where error.extendedResultCode == .SQLITE_IOERR_WRITE
        && NoRoom.isMeant(by: systemError):
        .full
      case .SQLITE_CANTOPEN where NoRoom.isMeant(by: systemError): .full
      case .SQLITE_IOERR where atCommit: .outcomeUnknown
      default: .broken
      }
  }
}

extension Database {
  /// The system's own word on `error`, which has just come up here; 0 for none.
  func systemError(of error: any Error) -> CInt {
    guard let connection = sqliteConnection else { return 0 }
    let isWrite = (error as? DatabaseError)?.extendedResultCode == .SQLITE_IOERR_WRITE
    return isWrite ? Self.lastErrorOfLog(connection) : sqlite3_system_errno(connection)
  }

  /// A failed COMMIT leaves its system error with the log's file alone, where the write
  /// failed (seen with 3.40: `sqlite3_system_errno` stays 0).
  private static func lastErrorOfLog(_ connection: OpaquePointer) -> CInt {
    var log: UnsafeMutablePointer<sqlite3_file>?
    var error: CInt = 0
    guard sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK,
      let log, let ask = log.pointee.pMethods?.pointee.xFileControl,
      ask(log, SQLITE_FCNTL_LAST_ERRNO, &error) == SQLITE_OK
    else { return 0 }
    return error
  }
}

extension OpenFault {
  /// The disk is full or read-only: nothing can be kept here until that changes.
  public static let full = OpenFault.cannotOpen("the disk is full or read-only")

  /// - Parameter what: what could not be done, for logs.
  init(_ what: String, systemError: CInt) {
    self = NoRoom.isMeant(by: systemError) ? .full : .cannotOpen("\(what), error \(systemError)")
  }

  /// What `error`, which came up while `path` was opened, means to whoever asked for it.
  init(opening error: any Error, at path: String) {
    self =
      switch error {
      case let fault as OpenFault: fault
      case let error as DatabaseError: OpenFault(error, at: path)
      default: .cannotOpen("\(error)")
      }
  }

  init(_ error: DatabaseError, at path: String) {
    self =
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB: .broken
      case .SQLITE_FULL, .SQLITE_READONLY: .full
      case .SQLITE_IOERR, .SQLITE_CANTOPEN:
        NoRoom.prevails(at: path) ? .full : .cannotOpen("\(error)")
      default: .cannotOpen("\(error)")
      }
  }
}
