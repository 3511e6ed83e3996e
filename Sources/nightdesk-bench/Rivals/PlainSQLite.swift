// SPDX-License-Identifier: Apache-2.0

import GRDBSQLite
import Glibc

/// SQLite by its C API and nothing between: what a careful C program would write.
/// Used on one thread at a time.
final class PlainSQLite {
  private let connection: OpaquePointer
  /// As many as the ledger's.
  private static let framesOfLog = 4000

  /// WAL and FULL, read back.
  init(path: String) throws {
    var opened: OpaquePointer?
    guard sqlite3_open(path, &opened) == SQLITE_OK, let opened else {
      throw BenchFault("SQLite cannot open \(path)")
    }
    connection = opened
    try run(
      """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA wal_autocheckpoint = \(Self.framesOfLog)
      """)
    var persist: CInt = 1
    sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &persist)
  }

  deinit { sqlite3_close_v2(connection) }

  /// A log of full size beside a closed file, laid once as the ledger lays its own: zeros, which
  /// SQLite takes for empty and overwrites in place.
  static func layLog(beside path: String) throws {
    let size = 32 + (framesOfLog + 200) * (24 + 4096)
    let file = open(path + "-wal", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw BenchFault("no log can be laid beside \(path)") }
    defer { close(file) }
    if lseek(file, 0, SEEK_END) >= size { return }
    let zeros = [UInt8](repeating: 0, count: size)
    guard pwrite(file, zeros, size, 0) == size, fdatasync(file) == 0 else {
      throw BenchFault("no log can be laid beside \(path)")
    }
  }

  func run(_ sql: String) throws {
    guard sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK else {
      throw BenchFault("SQLite: \(String(cString: sqlite3_errmsg(connection)))")
    }
  }

  func prepare(_ sql: String) throws -> PlainStatement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw BenchFault("SQLite: \(String(cString: sqlite3_errmsg(connection)))")
    }
    return PlainStatement(statement: statement)
  }

  var lastRow: Int64 { sqlite3_last_insert_rowid(connection) }
}

final class PlainStatement {
  private let statement: OpaquePointer
  /// SQLITE_TRANSIENT, a macro that Swift does not see: SQLite copies.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  init(statement: OpaquePointer) { self.statement = statement }

  deinit { sqlite3_finalize(statement) }

  func bind(_ place: CInt, _ bytes: [UInt8]) {
    sqlite3_bind_blob(statement, place, bytes, CInt(bytes.count), Self.copied)
  }

  func bind(_ place: CInt, _ text: String) {
    sqlite3_bind_text(statement, place, text, -1, Self.copied)
  }

  func bind(_ place: CInt, _ number: Int64) { sqlite3_bind_int64(statement, place, number) }

  func step() throws {
    let answer = sqlite3_step(statement)
    sqlite3_reset(statement)
    guard answer == SQLITE_DONE || answer == SQLITE_ROW else { throw BenchFault("SQLite: \(answer)") }
  }
}
