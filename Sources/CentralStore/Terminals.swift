// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// What the centre knows of one terminal.
public struct TerminalRecord: Hashable, Sendable {
  public var name: String
  /// Of its newest enrolment.
  public var area: String
  public var enrolments: Int
  public var lastSeen: Timestamp?
  /// The longest audit chain it has shown since its newest enrolment.
  public var audit: AuditHead?
  public var auditCut: Bool
  /// The newest that was issued to it.
  public var certificate: IssuedCertificate?
}

public enum AuditStanding: Hashable, Sendable {
  /// Continues what was held, as far as a number and a digest can say.
  case held
  /// A tail was cut off, or the chain is another.
  case cut
}

/// A certificate that the centre's authority made for a terminal.
public struct IssuedCertificate: Hashable, Sendable {
  /// SHA-256 of the DER, 64 characters of lower-case hexadecimal.
  public var fingerprint: String
  /// Hexadecimal.
  public var serial: String
  public var terminal: String
  public var notAfter: Timestamp
  public var revokedAt: Timestamp?

  public init(
    fingerprint: String, serial: String, terminal: String, notAfter: Timestamp,
    revokedAt: Timestamp? = nil
  ) {
    self.fingerprint = fingerprint
    self.serial = serial
    self.terminal = terminal
    self.notAfter = notAfter
    self.revokedAt = revokedAt
  }
}

/// By what a terminal gets a certificate.
public enum CertificateRight: Hashable, Sendable {
  /// The digest of the code of its newest enrolment, while none of its certificates was
  /// revoked after that: else a ticket found later would undo a revocation.
  case enrolment(codeHash: String)
  /// The fingerprint of one that it shows and that is not revoked.
  case renewal(of: String)
}

/// An event with its place among all events of all terminals.
public struct StoredEvent: Hashable, Sendable {
  /// Only grows; the `id` of a server-sent event.
  public var row: Int64
  public var event: TerminalEvent

  public init(row: Int64, event: TerminalEvent) {
    self.row = row
    self.event = event
  }
}

/// A command with what became of it.
public struct CommandRecord: Hashable, Sendable {
  public var command: Command
  public var orderedAt: Timestamp
  public var outcome: CommandOutcome?
  public var finishedAt: Timestamp?
}
