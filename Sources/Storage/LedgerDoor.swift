// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Records
import Synchronization

/// The way to the ledger: open, or closed while the file cannot be used. A closed one
/// answers each filing with the reason and has nothing to carry, so that the rest of the
/// terminal goes on; it can be tried again.
public final class LedgerDoor: Sendable {
  /// What can be done with filings.
  public enum Standing: Hashable, Sendable {
    case ready
    /// No allotment that is not used up by an earlier ledger.
    case noNumbers
    case full
    case broken
  }

  private enum State {
    case open(Ledger)
    case closed(OpenFault)
  }

  public typealias Opening = @Sendable (OutboxNews) async throws(OpenFault) -> Ledger

  private let opening: Opening
  private let newsboard: OutboxNews
  private let state: Mutex<State>

  /// Tries the ledger. Throws only when another process holds it: then this one has no
  /// business here. Every other fault leaves the door closed.
  public static func find(_ opening: @escaping Opening) async throws(OpenFault) -> LedgerDoor {
    let newsboard = OutboxNews()
    let state = await Self.attempt(opening, newsboard)
    if case .closed(.heldByAnother(let process)) = state { throw .heldByAnother(process: process) }
    return LedgerDoor(opening, newsboard, state)
  }

  private init(_ opening: @escaping Opening, _ newsboard: OutboxNews, _ state: State) {
    self.opening = opening
    self.newsboard = newsboard
    self.state = Mutex(state)
  }

  private static func attempt(_ opening: Opening, _ newsboard: OutboxNews) async -> State {
    do throws(OpenFault) {
      return .open(try await opening(newsboard))
    } catch {
      return .closed(error)
    }
  }

  /// Why it is closed; nil when it is open.
  public var closedBy: OpenFault? {
    state.withLock { state in
      if case .closed(let fault) = state { fault } else { nil }
    }
  }

  /// Tries to open a closed door; true when it is open now and was not before.
  public func tryAgain() async -> Bool {
    guard closedBy != nil else { return false }
    let found = await Self.attempt(opening, newsboard)
    state.withLock { $0 = found }
    newsboard.tell()
    return closedBy == nil
  }

  /// Whether a filing would be kept now, found by writing.
  public func standing() async -> Standing {
    do throws(StoreFault) {
      let ledger = try ledger()
      try await ledger.dryWrite()
      return ledger.allotment == nil ? .noNumbers : .ready
    } catch {
      return error == .full ? .full : .broken
    }
  }

  /// The ledger behind an open door; throws what a closed one answers.
  public func ledger() throws(StoreFault) -> Ledger {
    switch state.withLock({ $0 }) {
    case .open(let ledger): return ledger
    case .closed(let fault): throw fault == .full ? .full : .broken
    }
  }
}

extension LedgerDoor: Filing {
  public func reserve() async throws(StoreFault) -> Reservation { try await ledger().reserve() }

  public func reserve(about filing: Filed) async throws(StoreFault) -> Reservation {
    try await ledger().reserve(about: filing)
  }

  public func file(_ envelope: Envelope, slip: SlipJob) async throws(StoreFault) -> Filed {
    try await ledger().file(envelope, slip: slip)
  }

  public func add(_ envelope: Envelope) async throws(StoreFault) { try await ledger().add(envelope) }

  public func untold() async throws(StoreFault) -> [Filed] { try await ledger().untold() }

  /// Nil at once behind a closed door.
  public func verdict(on filing: Filed) async -> Verdict? {
    guard let ledger = try? ledger() else { return nil }
    return await ledger.verdict(on: filing)
  }
}

extension LedgerDoor: SlipJournal {
  public func settle(_ job: SlipJob, _ outcome: SlipOutcome) async throws(StoreFault) {
    try await ledger().settle(job, outcome)
  }
}

extension LedgerDoor: Outbox {
  /// Nothing waits behind a closed door that anybody could carry.
  public func waiting(
    limit: Int, excluding: Set<EnvelopeID>
  ) async throws(StoreFault) -> [Envelope] {
    if closedBy != nil { return [] }
    return try await ledger().waiting(limit: limit, excluding: excluding)
  }

  public func settle(_ verdicts: [EnvelopeID: Verdict]) async throws(StoreFault) {
    try await ledger().settle(verdicts)
  }

  public func news() -> AsyncStream<Void> { newsboard.stream() }
}

extension LedgerDoor: AuditTrail {
  public func note(_ entry: AuditEntry) async throws(StoreFault) { try await ledger().note(entry) }

  public func head() async throws(StoreFault) -> AuditHead { try await ledger().head() }
}

extension LedgerDoor: CommandBook {
  public func begin(_ command: Command) async throws(StoreFault) -> CommandOutcome? {
    try await ledger().begin(command)
  }

  public func finish(_ id: String, _ outcome: CommandOutcome) async throws(StoreFault) {
    try await ledger().finish(id, outcome)
  }
}
