// SPDX-License-Identifier: Apache-2.0

/// One act that staff, an administrator or the terminal itself did to what it keeps: opened,
/// an allotment taken, rows pruned, an outbox exported, a command obeyed. Never personal.
public struct AuditEntry: Hashable, Sendable, Codable {
  /// Lower-case words with dots: `ledger.opened`.
  public var act: String
  /// What it was done to, by name.
  public var places: [String: String]

  public init(_ act: String, _ places: [String: String] = [:]) {
    self.act = act
    self.places = places
  }
}

/// How long the audit chain is and what it ends in. Sent to the centre, so that a tail that
/// was cut off the ledger shows there.
public struct AuditHead: Hashable, Sendable, Codable {
  public var entries: Int
  /// SHA-256 over the chain so far, hexadecimal; 64 zeros for an empty one.
  public var chain: String

  public init(entries: Int, chain: String) {
    self.entries = entries
    self.chain = chain
  }
}

/// The hash-chained list of acts.
public protocol AuditTrail: Sendable {
  /// Appends one entry durably.
  func note(_ entry: AuditEntry) async throws(StoreFault)
  func head() async throws(StoreFault) -> AuditHead
}
