// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite

/// How the connections to one durable file are set.
enum Connections {
  /// Frames after which the log is brought into the file. Fewer cost syncs, more make the
  /// worst commit slower (measured: 1.9 ms at 1,000; 3.3 at 4,000; 5.1 at 8,000).
  static let framesOfLog = 4000

  /// GRDB's own WAL mode is not asked for: it sets NORMAL.
  static var writing: Configuration {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    return configuration
  }

  static var reading: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.maximumReaderCount = 3
    // Kilobytes each; the kernel keeps the file's pages for all of them.
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -1000") }
    return configuration
  }

  /// Tables are made anew by the steps, which foreign keys would forbid; each step ends with
  /// a check of them.
  static var migrating: Configuration {
    var configuration = writing
    configuration.foreignKeysEnabled = false
    return configuration
  }

  static func makeDurable(_ database: Database) throws {
    let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
    try database.execute(sql: "PRAGMA synchronous = FULL")
    try database.execute(sql: "PRAGMA wal_autocheckpoint = \(framesOfLog)")
    guard mode == "wal", try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
      throw OpenFault.notDurable
    }
  }

  /// The log outlives the connection, at its size.
  static func keepLog(_ database: Database) throws {
    // A log that is overwritten in place syncs twice as fast as one that grows (measured).
    var persist: CInt = 1
    guard let connection = database.sqliteConnection,
      sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &persist) == SQLITE_OK
    else { throw OpenFault.notDurable }
  }

  /// Brings the whole log into the file, synced; false when something is left in it, or when
  /// another program still reads from it: SQLite would then go on behind its end.
  static func emptyLog(_ database: Database) throws -> Bool {
    guard let row = try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(RESTART)") else { return false }
    let (busy, inLog, moved): (Int?, Int?, Int?) = (row[0], row[1], row[2])
    return busy == 0 && inLog == moved
  }
}
