// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Logging
import Records
import Wire

extension Centre {
  func listing(after cursor: Int64, limit: Int) async throws -> CaseListing {
    let records = try await store.applications(after: cursor, limit: limit + 1)
    let page = records.prefix(limit)
    return CaseListing(
      cases: page.map(entry),
      next: records.count > limit ? page.last.map { String($0.row) } : nil)
  }

  private func entry(_ record: CaseRecord) -> CaseEntry {
    CaseEntry(record, matterName: record.routing?.matter.flatMap { nameOfMatter($0) })
  }

  /// As it was sealed: what is in it is opened elsewhere.
  func sealedCase(_ number: CaseNumber) async throws -> SealedCase {
    guard let record = try await store.application(number),
      let envelope = try await store.envelope(number)
    else { throw ProblemDetails.notFound }
    logger.info("case fetched", metadata: ["envelope": "\(record.id)"])
    return SealedCase(case: entry(record), envelope: EnvelopeMessage(envelope))
  }

  func tasks(after cursor: Int64, limit: Int, open: Bool?) async throws -> TaskListing {
    let tasks = try await store.tasks(after: cursor, limit: limit + 1, open: open)
    let page = tasks.prefix(limit)
    return TaskListing(
      tasks: page.map { TaskEntry($0) },
      next: tasks.count > limit ? page.last.map { String($0.row) } : nil)
  }

  func settle(_ row: Int64?, _ settlement: Settlement) async throws -> TaskEntry {
    guard settlement.isFit else { throw ProblemDetails.notUnderstood("note: 1 to 500 characters") }
    guard let row,
      let task = try await store.settleTask(row, note: settlement.note, at: clock.now().at)
    else { throw ProblemDetails.notFound }
    logger.notice("task settled", metadata: ["envelope": "\(task.id)"])
    return TaskEntry(task)
  }

  func withdraw(matter: String) async throws -> MatterWithdrawal {
    guard nameOfMatter(matter) != nil else { throw ProblemDetails.notFound }
    try await store.withdraw(matter: matter, at: clock.now().at)
    logger.notice("matter withdrawn", metadata: ["matter": "\(matter)"])
    return MatterWithdrawal(matter: matter)
  }

  /// Envelopes that a person carried here, judged as if they had been delivered; nobody's
  /// certificate vouches for the way they took.
  func takeImport(_ file: [UInt8]) async throws -> ImportReply {
    let (head, messages) = try ExportFile.read(file)
    let verdicts = try await verdicts(on: messages, from: nil)
    // Not what the file says of itself: anybody may have written that.
    logger.notice("import taken", metadata: ["envelopes": "\(messages.count)"])
    return ImportReply(terminal: head.terminal, verdicts: verdicts)
  }
}

extension Centre {
  func terminals() async throws -> TerminalListing {
    let connected = streams.terminals
    let records = try await store.terminals()
    return TerminalListing(
      terminals: records.map { TerminalEntry($0, connected: connected.contains($0.name)) })
  }

  private func requireTerminal(_ terminal: String) async throws {
    guard try await !store.enrolments(of: terminal).isEmpty else { throw ProblemDetails.notFound }
  }

  func commands(of terminal: String) async throws -> CommandListing {
    try await requireTerminal(terminal)
    return CommandListing(
      commands: try await store.commands(of: terminal).map { CommandEntry($0) })
  }

  func order(_ order: CommandOrder, for terminal: String) async throws -> Command {
    guard order.isFit else {
      throw ProblemDetails.notUnderstood("act: small letters; seconds: 1 to 604800")
    }
    let now = clock.now().at
    let command = Command(
      id: Hex.text(chance.bytes(16)), act: order.act, until: now.advanced(bySeconds: order.seconds))
    guard try await store.order(command, for: terminal, at: now) else {
      throw ProblemDetails.notFound
    }
    logger.notice(
      "command ordered", metadata: ["terminal": "\(terminal)", "act": "\(order.act)"])
    return command
  }

  /// From the return on nothing that shows one of the terminal's certificates is served.
  func revoke(_ terminal: String) async throws -> Revocation {
    try await requireTerminal(terminal)
    let revoked = try await store.revoke(terminal: terminal, at: clock.now().at)
    forgetPeers(of: terminal)
    logger.notice("certificates revoked", metadata: ["terminal": "\(terminal)"])
    return Revocation(terminal: terminal, revoked: revoked)
  }

  func forgetPeers(of terminal: String) {
    peers.forget()
    streams.end(terminal: terminal)
  }
}
