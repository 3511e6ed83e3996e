// SPDX-License-Identifier: Apache-2.0

import Records

/// A filing as a clerk's list shows it: nothing that is sealed to the back office.
public struct CaseRecord: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, Codable {
    case received, held, refused
    /// An application that a withdrawal took back, whatever it was before.
    case withdrawn
  }

  /// A filing that names this one.
  public struct Follower: Hashable, Sendable {
    public var number: CaseNumber
    /// As its terminal's clock said.
    public var at: Timestamp

    public init(number: CaseNumber, at: Timestamp) {
      self.number = number
      self.at = at
    }
  }

  /// Place in the order of arrival.
  public var row: Int64
  public var id: EnvelopeID
  public var number: CaseNumber
  /// One of those that are filings.
  public var kind: EnvelopeKind
  /// 办件编号: area, day of receipt and six digits or more, with hyphens; of an application that is or
  /// was received.
  public var caseNumber: String?
  public var terminal: String
  public var state: State
  public var reason: RefusalReason?
  /// Who owes an answer for a refused one.
  public var owner: String?
  /// When a refused one must have been looked after.
  public var due: Timestamp?
  /// When it was.
  public var settledAt: Timestamp?
  public var receivedAt: Timestamp
  /// Nil when it could not be opened.
  public var routing: Routing?
  /// How the number reached the resident, once her terminal has said so.
  public var told: Told?
  public var deliveries: Int
  /// Of an application: what took it back. Of several withdrawals the one filed first.
  public var withdrawnBy: Follower?
  /// Of an application, in the order of filing, also after a withdrawal.
  public var corrections: [Follower]
}
