// SPDX-License-Identifier: Apache-2.0

import GRDB
import GRDBSQLite
import Records

/// One SQLite file for which "committed" means "on the disk".
///
/// WAL with `synchronous=FULL`, asserted after opening because GRDB's pool sets NORMAL by
/// itself (measured: with NORMAL a power cut loses acknowledged rows). Writers that arrive
/// together share one sync; readers have connections of their own and never wait for it.
/// The file has one owner, held by `flock`.
public final class DurableDatabase: Sendable {
  private let path: String
  private let writer: DatabaseQueue
  private let readers: DatabasePool
  private let commits: GroupCommit
  private let lock: OwnerLock
  /// The steps that this opening took on a file that was there before.
  public let migrated: [String]

  /// Opens the file at `path`, making it when absent; its folder must exist. A file of an
  /// older form is brought to the newest, and a copy of it is kept before each step, as
  /// `<path>.before-<number of the step>`.
  ///
  /// - Parameters:
  ///   - layingLog: false for a file that is filled once and closed, for which a log of full
  ///     size is not worth its making.
  ///   - refusingLostCommits: `broken` is thrown when the log is damaged before its last
  ///     commits, which SQLite would drop in silence.
  ///   - forbidden: asked under the lock, before anything is made or touched; throws when the
  ///     file must not be opened now.
  ///   - outcomeUnknown: called once, when a commit failed in a way that leaves
  ///     open whether its rows are on disk. No write is answered any more after that; the
  ///     process must end, and the next start repairs the file before it promises anything.
  public static func open(
    path: String, migrations: [Migration], layingLog: Bool = true,
    refusingLostCommits: Bool = false,
    unless forbidden: () throws(OpenFault) -> Void = {}, outcomeUnknown: @escaping @Sendable () -> Void
  ) throws(OpenFault) -> DurableDatabase {
    let lock = try OwnerLock.take(path + ".lock")
    try forbidden()
    try BootRepair.rewriteLog(of: path, refusingLostCommits: refusingLostCommits)
    do {
      let (readers, migrated) = try reading(path, migrations, layingLog: layingLog)
      let writer = try DatabaseQueue(path: path, configuration: Connections.writing)
      try writer.writeWithoutTransaction { database in
        try Connections.makeDurable(database)
        try Connections.keepLog(database)
      }
      return DurableDatabase(path, writer, readers, lock, migrated, outcomeUnknown)
    } catch {
      throw OpenFault(opening: error, at: path)
    }
  }

  /// Connections that read the newest form, and the steps that led to it. They look first, so
  /// that a newer file stays as it is, and they stay, so that a log is read through once.
  private static func reading(
    _ path: String, _ migrations: [Migration], layingLog: Bool
  ) throws -> (DatabasePool, [String]) {
    func open() throws -> DatabasePool {
      if layingLog { try EmptyLog.lay(beside: path) }
      return try DatabasePool(path: path, configuration: Connections.reading)
    }
    var migrating = Migrating(path: path, migrations: migrations, applied: [])
    if migrating.hasFile {
      let readers = try open()
      migrating.applied = try readers.read(Migration.applied)
      guard migrating.isNeeded else { return (readers, []) }
      try readers.close()
    }
    let migrated = try migrating.run()
    return (try open(), migrated)
  }

  private init(
    _ path: String, _ writer: DatabaseQueue, _ readers: DatabasePool, _ lock: OwnerLock,
    _ migrated: [String], _ outcomeUnknown: @escaping @Sendable () -> Void
  ) {
    self.path = path
    self.writer = writer
    self.readers = readers
    self.lock = lock
    self.migrated = migrated
    commits = GroupCommit(queue: writer, outcomeUnknown: outcomeUnknown)
  }

  /// Runs `body` in a transaction of its own or together with its neighbours' and returns
  /// only after the sync. What `body` throws undoes `body` alone. Where a neighbour fails, `body`
  /// may run a second time: it must leave nothing behind but rows.
  public func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    try await commits.write(body)
  }

  /// Reads a consistent picture, with everything that was answered before. A caller that is
  /// cancelled gets its answer all the same: being cancelled is no fault of the file.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    let outcome: Swift.Result<Value, StoreFault> = await withCheckedContinuation { continuation in
      readers.asyncRead { database in
        do {
          continuation.resume(returning: .success(try body(try database.get())))
        } catch let fault as StoreFault {
          continuation.resume(returning: .failure(fault))
        } catch {
          continuation.resume(returning: .failure(StoreFault(error)))
        }
      }
    }
    return try outcome.get()
  }

  /// Whether a closed file holds everything itself, so that its log may go. False when the
  /// disk did not let it at the end, and when nobody can say.
  public static func isWhole(_ path: String) -> Bool { EmptyLog.isEmpty(beside: path) }

  /// Closes the file; writes that wait are finished first, later ones throw `broken`. Where
  /// the disk lets it, the log is emptied into the file, so that the next opening has nothing
  /// to repair.
  public func close() throws {
    try readers.close()
    let (writer, commits) = (writer, commits)
    let isEmptied =
      (try? writer.writeWithoutTransaction { database in
        commits.end()
        // Nobody else has business with the file: an end does not wait long for a stranger.
        try database.execute(sql: "PRAGMA busy_timeout = 500")
        return commits.isSound ? try Connections.emptyLog(database) : false
      }) == true
    // The writer goes last: SQLite lets go of the log with its last connection.
    try writer.close()
    if isEmptied { EmptyLog.mark(beside: path) }
    lock.release()
  }
}

/// Why a file could not be opened.
public enum OpenFault: Error, Hashable, Sendable {
  /// Another process holds it; its process id where it could be read.
  case heldByAnother(process: Int32?)
  case broken
  /// Written by a newer program; nothing was touched.
  case newer
  /// WAL and FULL could not be made true here.
  case notDurable
  /// Anything else, `full` among it; in English, for logs and staff.
  case cannotOpen(String)
}
