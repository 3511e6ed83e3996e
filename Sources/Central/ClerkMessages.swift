// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// A refused envelope: a debt to a person.
struct TaskEntry: Codable, Hashable, Sendable {
  var row: Int64
  var id: EnvelopeID
  var number: CaseNumber
  var kind: EnvelopeKind
  var terminal: String
  var reason: String
  var owner: String
  var due: Timestamp
  var receivedAt: Timestamp
  @OrNull var settledAt: Timestamp?
  @OrNull var note: String?

  init(_ task: RefusalTask) {
    row = task.row
    id = task.id
    number = task.number
    kind = task.kind
    terminal = task.terminal
    reason = task.reason.rawValue
    owner = task.owner
    due = task.due
    receivedAt = task.receivedAt
    settledAt = task.settledAt
    note = task.note
  }
}

struct TaskListing: Codable, Hashable, Sendable {
  var tasks: [TaskEntry]
  @OrNull var next: String?
}

/// What was done about a refused envelope.
struct Settlement: Codable, Hashable, Sendable {
  static let most = 500

  var note: String

  /// 1 to 500 characters, not all of them blank. The store holds 2,000 bytes.
  var isFit: Bool {
    (1...Self.most).contains(note.unicodeScalars.count) && note.utf8.count <= 2000
      && note.contains { !$0.isWhitespace }
  }
}

struct TerminalEntry: Codable, Hashable, Sendable {
  struct Shown: Codable, Hashable, Sendable {
    var serial: String
    var notAfter: Timestamp
    @OrNull var revokedAt: Timestamp?
  }

  var name: String
  var area: String
  var enrolments: Int
  @OrNull var lastSeen: Timestamp?
  /// Its event stream is open.
  var connected: Bool
  @OrNull var audit: AuditHead?
  /// Its audit chain did not continue the one held here.
  var auditCut: Bool
  @OrNull var certificate: Shown?

  init(_ record: TerminalRecord, connected: Bool) {
    name = record.name
    area = record.area
    enrolments = record.enrolments
    lastSeen = record.lastSeen
    self.connected = connected
    audit = record.audit
    auditCut = record.auditCut
    certificate = record.certificate.map {
      Shown(serial: $0.serial, notAfter: $0.notAfter, revokedAt: $0.revokedAt)
    }
  }
}

struct TerminalListing: Codable, Hashable, Sendable { var terminals: [TerminalEntry] }

/// What a clerk wants a terminal to do.
struct CommandOrder: Codable, Hashable, Sendable {
  var act: String
  /// How long it may wait for the terminal: at most a week.
  var seconds: Int64

  /// A word of small letters, dots and hyphens, which a letter begins.
  var isFit: Bool {
    let letters = act.utf8.allSatisfy { (97...122).contains($0) || $0 == 45 || $0 == 46 }
    return letters && (1...64).contains(act.utf8.count) && (97...122).contains(act.utf8.first ?? 0)
      && (1...604_800).contains(seconds)
  }
}

struct CommandEntry: Codable, Hashable, Sendable {
  var id: String
  var act: String
  var until: Timestamp
  var orderedAt: Timestamp
  @OrNull var outcome: CommandOutcome?
  @OrNull var endedAt: Timestamp?

  init(_ record: CommandRecord) {
    id = record.command.id
    act = record.command.act
    until = record.command.until
    orderedAt = record.orderedAt
    outcome = record.outcome
    endedAt = record.finishedAt
  }
}

struct CommandListing: Codable, Hashable, Sendable { var commands: [CommandEntry] }

struct Revocation: Codable, Hashable, Sendable {
  var terminal: String
  /// Certificates that served until now.
  var revoked: Int
}

struct ImportReply: Codable, Hashable, Sendable {
  var terminal: String
  var verdicts: [VerdictMessage]
}

struct MatterWithdrawal: Codable, Hashable, Sendable {
  var matter: String
  var withdrawn = true
}
