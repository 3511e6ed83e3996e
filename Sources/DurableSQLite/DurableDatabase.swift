// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Records

/// One SQLite file for which "committed" means "on the disk".
///
/// WAL with `synchronous=FULL`, asserted after opening because GRDB sets NORMAL by itself
/// (measured: with NORMAL a power cut loses acknowledged rows). Writers that arrive
/// together share one sync. The file has one owner, held by `flock`.
public final class DurableDatabase: Sendable {
  private let queue: DatabaseQueue
  private let commits: GroupCommit
  private let lock: OwnerLock
  /// The steps that this opening took on a file that was there before.
  public let migrated: [String] = []

  /// Opens the file at `path`, making it when absent; its folder must exist.
  ///
  /// - Parameter outcomeUnknown: called once, when a commit failed in a way that leaves
  ///   open whether its rows are on disk. No write is answered any more after that; the
  ///   process must end, and the next start repairs the file before it promises anything.
  public static func open(
    path: String, migrations: [Migration], outcomeUnknown: @escaping @Sendable () -> Void
  ) throws(OpenFault) -> DurableDatabase {
    let lock = try OwnerLock.take(path + ".lock")
    try BootRepair.rewriteLog(of: path)
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration())
      try queue.writeWithoutTransaction(makeDurable)
      try Migration.apply(migrations, to: queue)
      return DurableDatabase(
        queue: queue, commits: GroupCommit(queue: queue, outcomeUnknown: outcomeUnknown), lock: lock)
    } catch let fault as OpenFault {
      throw fault
    } catch let error as DatabaseError {
      throw OpenFault(error, at: path)
    } catch {
      throw .cannotOpen("\(error)")
    }
  }

  private init(queue: DatabaseQueue, commits: GroupCommit, lock: OwnerLock) {
    self.queue = queue
    self.commits = commits
    self.lock = lock
  }

  /// Runs `body` in a transaction of its own or together with its neighbours' and returns
  /// only after the sync. What `body` throws undoes `body` alone.
  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    try await commits.write(body)
  }

  /// Reads a consistent picture.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    do {
      return try await queue.read(body)
    } catch let fault as StoreFault {
      throw fault
    } catch {
      throw StoreFault(error)
    }
  }

  /// Closes the file; writes that wait are finished first.
  public func close() throws { try queue.close() }

  private static func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.journalMode = .wal
    configuration.foreignKeysEnabled = true
    return configuration
  }

  private static func makeDurable(_ database: Database) throws {
    try database.execute(sql: "PRAGMA synchronous = FULL")
    try database.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
    guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2,
      try String.fetchOne(database, sql: "PRAGMA journal_mode") == "wal"
    else { throw OpenFault.notDurable }
    // A log that is overwritten in place syncs twice as fast as one that grows (measured).
    var persist: CInt = 1
    guard let connection = database.sqliteConnection,
      sqlite3_file_control(connection, "main", SQLITE_FCNTL_PERSIST_WAL, &persist) == SQLITE_OK
    else { throw OpenFault.notDurable }
  }
}

/// Why a file could not be opened.
public enum OpenFault: Error, Hashable, Sendable {
  /// Another process holds it; its process id where it could be read.
  case heldByAnother(process: Int32?)
  case broken
  /// WAL and FULL could not be made true here.
  case notDurable
  /// Anything else, `full` among it; in English, for logs and staff.
  case cannotOpen(String)
}
