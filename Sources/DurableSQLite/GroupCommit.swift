// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Synchronization

/// Lets writers that arrive together share one sync. They run one after the other without a
/// savepoint, since each of those costs two statements and a copy of every page that its body
/// touches. Should one fail, all are undone and run once more, each in a savepoint, so that it does
/// not undo its neighbours.
final class GroupCommit: Sendable {
  private struct Pending {
    /// Runs the body; nil when its rows are to stay, else why they do not.
    let run: @Sendable (Database) -> StoreFault?
    /// Wakes the writer; the argument is what went wrong with the commit, or nil.
    let finish: @Sendable (StoreFault?) -> Void
  }

  private let queue: DatabaseQueue
  private let outcomeUnknown: @Sendable () -> Void
  private let waiting = Mutex<[Pending]>([])
  private let poisoned = Mutex(false)
  private let ended = Mutex(false)

  init(queue: DatabaseQueue, outcomeUnknown: @escaping @Sendable () -> Void) {
    self.queue = queue
    self.outcomeUnknown = outcomeUnknown
  }

  /// False once a commit's outcome is unknown.
  var isSound: Bool { !poisoned.withLock { $0 } }

  /// On the database's own thread: nothing is kept behind this, so that what looks at the file
  /// next sees the last of it.
  func end() { ended.withLock { $0 = true } }

  func write<Value: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> Value
  ) async throws(StoreFault) -> Value {
    let outcome: Swift.Result<Value, StoreFault> = await withCheckedContinuation { continuation in
      let result = Mutex<Swift.Result<Value, StoreFault>?>(nil)
      enqueue(
        Pending(
          run: { database in
            let outcome = Self.outcome(of: body, in: database)
            result.withLock { $0 = outcome }
            if case .failure(let fault) = outcome { return fault }
            return nil
          },
          finish: { fault in
            let kept = result.withLock { $0 } ?? .failure(.broken)
            continuation.resume(returning: fault.map { .failure($0) } ?? kept)
          }))
    }
    return try outcome.get()
  }

  private static func outcome<Value>(
    of body: (Database) throws -> Value, in database: Database
  ) -> Swift.Result<Value, StoreFault> {
    do {
      return .success(try body(database))
    } catch let fault as StoreFault {
      return .failure(fault)
    } catch {
      return .failure(StoreFault(error, systemError: database.systemError(of: error)))
    }
  }

  private func enqueue(_ pending: Pending) {
    let first = waiting.withLock {
      $0.append(pending)
      return $0.count == 1
    }
    // Whoever finds the list empty wakes the database's own thread; the rest ride along.
    guard first else { return }
    queue.asyncWriteWithoutTransaction { self.commit($0) }
  }

  private func commit(_ database: Database) {
    let group = waiting.withLock { pending in
      defer { pending = [] }
      return pending
    }
    guard isSound else { return group.forEach { $0.finish(.outcomeUnknown) } }
    guard !ended.withLock({ $0 }) else { return group.forEach { $0.finish(.broken) } }
    let fault = transaction(group, in: database)
    if fault == .outcomeUnknown {
      poisoned.withLock { $0 = true }
      outcomeUnknown()
    }
    group.forEach { $0.finish(fault) }
  }

  private func transaction(_ group: [Pending], in database: Database) -> StoreFault? {
    do {
      try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
      let fault = try group.count == 1 ? alone(group[0], in: database) : together(group, in: database)
      if let fault { return fault }
      try database.cachedStatement(sql: "COMMIT").execute()
      return nil
    } catch {
      let fault = StoreFault(error, systemError: database.systemError(of: error), atCommit: true)
      do {
        if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
        return fault
      } catch {
        return .outcomeUnknown
      }
    }
  }

  /// Needs no savepoint: what undoes it undoes nobody else.
  private func alone(_ pending: Pending, in database: Database) throws -> StoreFault? {
    let fault = pending.run(database)
    if fault != nil, database.isInsideTransaction {
      try database.cachedStatement(sql: "ROLLBACK").execute()
    }
    return fault
  }

  /// Why none of them stays; nil when those that did not fail do.
  private func together(_ group: [Pending], in database: Database) throws -> StoreFault? {
    for pending in group {
      guard let fault = pending.run(database) else { continue }
      // On a full disk SQLite may have undone the whole transaction by itself.
      guard database.isInsideTransaction else { return fault }
      try database.cachedStatement(sql: "ROLLBACK").execute()
      try database.cachedStatement(sql: "BEGIN IMMEDIATE").execute()
      return try each(group, in: database)
    }
    return nil
  }

  private func each(_ group: [Pending], in database: Database) throws -> StoreFault? {
    for pending in group {
      try database.cachedStatement(sql: "SAVEPOINT one").execute()
      let fault = pending.run(database)
      if let fault, !database.isInsideTransaction { return fault }
      if fault != nil { try database.cachedStatement(sql: "ROLLBACK TO one").execute() }
      try database.cachedStatement(sql: "RELEASE one").execute()
    }
    return nil
  }
}
