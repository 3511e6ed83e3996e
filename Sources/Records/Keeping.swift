// SPDX-License-Identifier: Apache-2.0

/// Why the ledger cannot do what was asked. Each leads to another sentence on the screen.
public enum StoreFault: Error, Hashable, Sendable {
  /// No room, or a read-only disk: nothing was kept, nothing was promised.
  case full
  /// Written but not certainly on disk: nothing may be promised, the process must end.
  case outcomeUnknown
  /// The file is damaged.
  case broken
  /// No allotment, or its numbers for the day are used up.
  case noNumbers
  /// The row that was named is not there.
  case missing
}

/// An application that is on disk: only from here may its number be told.
public struct Filed: Hashable, Sendable {
  public var id: EnvelopeID
  public var number: CaseNumber

  public init(id: EnvelopeID, number: CaseNumber) {
    self.id = id
    self.number = number
  }
}

/// Taking applications into the ledger.
public protocol Filing: Sendable {
  /// An id, the next number of this terminal and day, and the time with its quality.
  /// In memory only: gaps are allowed, doubles are not.
  func reserve() async throws(StoreFault) -> Reservation

  /// An id and a time for an envelope that bears the number of `filing`.
  func reserve(about filing: Filed) async throws(StoreFault) -> Reservation

  /// Envelope, number, outbox row and slip journal row in one durable transaction.
  /// Returns only after the sync.
  func file(_ envelope: Envelope, slip: SlipJob) async throws(StoreFault) -> Filed

  /// A `told` or `rating` envelope, in a second small transaction.
  func add(_ envelope: Envelope) async throws(StoreFault)

  /// Filings without a `told` envelope, oldest first: what a crash left behind.
  func untold() async throws(StoreFault) -> [Filed]

  /// The centre's word on `filing`, as soon as there is one; nil when the caller is
  /// cancelled first. While somebody waits here, the filing is carried before all others.
  func verdict(on filing: Filed) async -> Verdict?
}

/// What waits to be carried to the centre.
public protocol Outbox: Sendable {
  /// Envelopes that wait, at most `limit`: first those on whose verdict a visit waits, then
  /// the oldest. Those in `excluding` (on their way already, or set aside for a while) are
  /// passed over.
  func waiting(limit: Int, excluding: Set<EnvelopeID>) async throws(StoreFault) -> [Envelope]
  /// Keeps the centre's word on each, all in one durable transaction. One that is settled
  /// already keeps its first word.
  func settle(_ verdicts: [EnvelopeID: Verdict]) async throws(StoreFault)
  /// Yields whenever the outbox may have grown, and once at the start.
  func news() -> AsyncStream<Void>
}

/// The centre's word on one envelope: the only thing that takes it out of the outbox.
public enum Verdict: Hashable, Sendable {
  case stored
  case already
  case refused(reason: String, correctable: Bool)
}

/// Counts that `ledger check` and `outbox list` print.
public struct LedgerCounts: Hashable, Sendable, Codable {
  public var filed: Int
  public var waiting: Int
  public var sent: Int
  public var refused: Int
  public var untold: Int

  public init(filed: Int, waiting: Int, sent: Int, refused: Int, untold: Int) {
    self.filed = filed
    self.waiting = waiting
    self.sent = sent
    self.refused = refused
    self.untold = untold
  }
}

/// What `ledger check` finds.
public struct LedgerReport: Hashable, Sendable, Codable {
  public var counts: LedgerCounts
  /// Sentences in English; empty when nothing is wrong: pages, rows that cannot be read,
  /// seals whose hashes differ from their header, a broken audit chain.
  public var damage: [String]
  /// Numbers given out and never filed. Allowed; many of them are worth a look.
  public var gaps: Int
  /// Filings taken out after the centre had them for long enough.
  public var pruned: Int
  public var audit: AuditHead

  public init(
    counts: LedgerCounts, damage: [String], gaps: Int, pruned: Int, audit: AuditHead
  ) {
    self.counts = counts
    self.damage = damage
    self.gaps = gaps
    self.pruned = pruned
    self.audit = audit
  }
}

/// One outbox row as staff may see it: no content, nothing personal.
public struct OutboxRow: Hashable, Sendable, Codable {
  public enum State: String, Hashable, Sendable, Codable { case waiting, sent, refused }
  public var id: EnvelopeID
  public var number: CaseNumber
  public var kind: EnvelopeKind
  public var state: State
  public var reason: String?
  public var filedAt: Timestamp

  public init(
    id: EnvelopeID, number: CaseNumber, kind: EnvelopeKind, state: State, reason: String?,
    filedAt: Timestamp
  ) {
    self.id = id
    self.number = number
    self.kind = kind
    self.state = state
    self.reason = reason
    self.filedAt = filedAt
  }
}

/// Names one printing of one slip: 16 bytes of chance in hexadecimal, the only title
/// cupsd sees.
public struct SlipJob: Hashable, Sendable, Codable, CustomStringConvertible {
  public let description: String

  /// From 16 bytes of chance.
  public init(chance: [UInt8]) {
    precondition(chance.count == 16, "a slip job takes sixteen bytes of chance")
    description = Hex.text(chance)
  }

  /// Nil unless `text` is 32 characters of lower-case hexadecimal.
  public init?(_ text: String) {
    guard text.utf8.count == 32, Hex.bytes(text.utf8) != nil else { return nil }
    description = text
  }
}

/// Application ↔ print job ↔ outcome.
public protocol SlipJournal: Sendable {
  /// Keeps how the printing of `job` ended.
  func settle(_ job: SlipJob, _ outcome: SlipOutcome) async throws(StoreFault)
}
