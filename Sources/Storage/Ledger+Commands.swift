// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Synchronization

extension Ledger: CommandBook {
  public func begin(_ command: Command) async throws(StoreFault) -> CommandOutcome? {
    let time = clock.now()
    let isFirst = obeying.withLock { $0.insert(command.id).inserted }
    do throws(StoreFault) {
      if try await keep(command, at: time) { return nil }
    } catch {
      if isFirst { obeying.withLock { _ = $0.remove(command.id) } }
      throw error
    }
    if isFirst { obeying.withLock { _ = $0.remove(command.id) } }
    return try await outcome(of: command.id)
  }

  /// Whether it is new.
  private func keep(_ command: Command, at time: QualifiedTime) async throws(StoreFault) -> Bool {
    try await file.write { database in
      try database.execute(
        sql: """
          INSERT INTO command (id, act, until, begun_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING
          """,
        arguments: [command.id, command.act, command.until.milliseconds, time.at.milliseconds])
      guard database.changesCount == 1 else { return false }
      try AuditChain.append(
        AuditEntry("command.begun", ["id": command.id, "act": command.act]), at: time, to: database)
      return true
    }
  }

  /// The first word stays. Throws `missing` for a command that was never begun.
  public func finish(_ id: String, _ outcome: CommandOutcome) async throws(StoreFault) {
    // Also when it cannot be kept: then nobody who asks again waits for an end that was.
    defer {
      obeying.withLock { _ = $0.remove(id) }
      commands.say(outcome, on: id)
    }
    let time = clock.now()
    try await file.write { database in
      try database.execute(
        sql: "UPDATE command SET word = ?, detail = ?, ended_at = ? WHERE id = ? AND word IS NULL",
        arguments: [outcome.word.rawValue, outcome.detail, time.at.milliseconds, id])
      guard database.changesCount == 1 else {
        let known = "SELECT 1 FROM command WHERE id = ?"
        if try Row.fetchOne(database, sql: known, arguments: [id]) == nil { throw StoreFault.missing }
        return
      }
      try AuditChain.append(
        AuditEntry("command.ended", ["id": id, "word": outcome.word.rawValue]), at: time, to: database)
    }
  }

  /// One that is being obeyed now is waited for: its end is not known yet, and not unknown.
  private func outcome(of id: String) async throws(StoreFault) -> CommandOutcome {
    let isObeyed = obeying.withLock { $0.contains(id) }
    let kept = try await ended(id)
    guard kept == nil, isObeyed else { return kept ?? CommandOutcome(.unknown) }
    let word = await commands.word(on: id) { try? await self.ended(id) }
    return word ?? CommandOutcome(.unknown)
  }

  private func ended(_ id: String) async throws(StoreFault) -> CommandOutcome? {
    try await file.read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT word, detail FROM command WHERE id = ? AND word IS NOT NULL",
        arguments: [id])
      return try row.map { row in
        guard let word = CommandOutcome.Word(rawValue: try row.value("word")) else {
          throw StoreFault.broken
        }
        return CommandOutcome(word, detail: String.fromDatabaseValue(row["detail"]))
      }
    }
  }
}
