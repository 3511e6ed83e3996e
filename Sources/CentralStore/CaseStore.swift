// SPDX-License-Identifier: Apache-2.0

import Records

/// The centre's memory: who may send, what arrived, what became of it. Each write is one
/// durable transaction that ends before the call returns.
public protocol CaseStore: Sendable {
  /// Enrols a terminal under the digest of its one-time code and gives it numbers. The same
  /// code and key again give the same answer, so that a lost reply does no harm; nil when
  /// another key has spent the code.
  func enrol(_ enrolment: Enrolment) async throws(StoreFault) -> Enrolled?

  /// What an earlier `enrol` under this digest answered, and to which key.
  func enrolment(byCodeHash codeHash: String) async throws(StoreFault) -> Enrolled?

  /// Every enrolment of `terminal`, oldest first; empty when it is unknown. Envelopes sealed
  /// before a new enrolment still count.
  func enrolments(of terminal: String) async throws(StoreFault) -> [Enrolled]

  /// Keeps all of a batch at once, refused envelopes too, and says a word on each, in order.
  /// `judge` is asked inside the transaction, when the circumstances are true. An envelope
  /// that cannot be held as it is becomes `unreadable`; it never costs the others.
  /// - Parameter due: when what is refused now must have been looked after.
  func take(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) async throws(StoreFault) -> [Verdict]

  /// The application that a number stands for, as clerks see it: when nothing else is here,
  /// then also what somebody sent under a number that is not his. Of several refused ones
  /// the latest.
  func application(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord?

  /// The application that a number stands for, as the public sees it: only what came from
  /// the terminal to which the number was given.
  func publicApplication(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord?

  /// What `application` tells of, as it was sealed.
  func envelope(_ number: CaseNumber) async throws(StoreFault) -> Envelope?

  /// Compares the digest of a claim code, and counts the wrong ones.
  func claim(
    _ number: CaseNumber, hash: String, at time: Timestamp, limit: ClaimLimit
  ) async throws(StoreFault) -> ClaimOutcome

  /// Applications in order of arrival behind `cursor` (the `row` of the last one seen).
  func applications(after cursor: Int64, limit: Int) async throws(StoreFault) -> [CaseRecord]

  /// From now on applications for `matter` are refused; what is stored stays.
  func withdraw(matter: String, at time: Timestamp) async throws(StoreFault)

  func counts() async throws(StoreFault) -> CentreCounts
}

/// A terminal that showed its one-time code.
public struct Enrolment: Hashable, Sendable {
  public var terminal: String
  public var area: String
  public var publicKey: [UInt8]
  /// Hexadecimal SHA-256.
  public var codeHash: String
  public var time: Timestamp

  public init(
    terminal: String, area: String, publicKey: [UInt8], codeHash: String, time: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.publicKey = publicKey
    self.codeHash = codeHash
    self.time = time
  }
}

/// A known terminal.
public struct Enrolled: Hashable, Sendable {
  public var terminal: String
  public var area: String
  public var publicKey: [UInt8]
  /// The first is for the ledger that is there; the two behind it are spares for later ones.
  public var allotments: [Allotment]
  public var time: Timestamp

  public init(
    terminal: String, area: String, publicKey: [UInt8], allotments: [Allotment], time: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.publicKey = publicKey
    self.allotments = allotments
    self.time = time
  }
}

/// How many wrong claim codes one number bears before it rests.
public struct ClaimLimit: Hashable, Sendable {
  public var attempts: Int
  public var seconds: Int64

  public init(attempts: Int, seconds: Int64) {
    self.attempts = attempts
    self.seconds = seconds
  }
}

public enum ClaimOutcome: Hashable, Sendable {
  case right(CaseRecord)
  case wrong
  /// Too many wrong ones; a right one is not looked at before this moment either.
  case resting(until: Timestamp)
  /// No application with a claim code is here under this number.
  case nothingToClaim
}

/// What `GET /v1/counts` tells.
public struct CentreCounts: Hashable, Sendable, Codable {
  /// Applications that are stored, held ones included.
  public var applications: Int
  public var told: Int
  /// Visits that were rated.
  public var ratings: Int
  /// 已邀请未评价: visits that were invited to rate and did not.
  public var invited: Int
  /// Envelopes of any kind.
  public var refused: Int
  public var held: Int
  /// Each arrival of each envelope.
  public var deliveries: Int
  /// Deliveries beyond the first of the same bytes.
  public var repeats: Int

  public init(
    applications: Int, told: Int, ratings: Int, invited: Int, refused: Int, held: Int,
    deliveries: Int, repeats: Int
  ) {
    self.applications = applications
    self.told = told
    self.ratings = ratings
    self.invited = invited
    self.refused = refused
    self.held = held
    self.deliveries = deliveries
    self.repeats = repeats
  }
}
