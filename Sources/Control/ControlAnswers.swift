// SPDX-License-Identifier: Apache-2.0

import Records

/// What the terminal answers to staff on its own Unix socket. Throws what the ledger throws.
public struct ControlAnswers: Sendable {
  public var doctor: @Sendable () async throws -> [DoctorLine]
  public var devices: @Sendable () -> [DeviceLine]
  /// Orders a restart and says how the device stands then; nil when there is no such place.
  public var restart: @Sendable (_ place: String) -> DeviceLine?
  /// Reads the whole file.
  public var ledger: @Sendable () async throws -> LedgerReport
  public var counts: @Sendable () async throws -> LedgerCounts
  public var outbox: @Sendable (_ limit: Int) async throws -> [OutboxRow]
  public var outboxRow: @Sendable (EnvelopeID) async throws -> OutboxRow
  /// A refused row waits again.
  public var retry: @Sendable (EnvelopeID) async throws -> RetryAnswer
  /// Of what waits, after a row.
  public var export: @Sendable (_ after: Int64, _ limit: Int) async throws -> ExportPart
  public var progress: @Sendable (ProgressQuestion) async -> ProgressAnswer

  public init(
    doctor: @escaping @Sendable () async throws -> [DoctorLine],
    devices: @escaping @Sendable () -> [DeviceLine],
    restart: @escaping @Sendable (_ place: String) -> DeviceLine?,
    ledger: @escaping @Sendable () async throws -> LedgerReport,
    counts: @escaping @Sendable () async throws -> LedgerCounts,
    outbox: @escaping @Sendable (_ limit: Int) async throws -> [OutboxRow],
    outboxRow: @escaping @Sendable (EnvelopeID) async throws -> OutboxRow,
    retry: @escaping @Sendable (EnvelopeID) async throws -> RetryAnswer,
    export: @escaping @Sendable (_ after: Int64, _ limit: Int) async throws -> ExportPart,
    progress: @escaping @Sendable (ProgressQuestion) async -> ProgressAnswer
  ) {
    self.doctor = doctor
    self.devices = devices
    self.restart = restart
    self.ledger = ledger
    self.counts = counts
    self.outbox = outbox
    self.outboxRow = outboxRow
    self.retry = retry
    self.export = export
    self.progress = progress
  }
}

public struct RetryAnswer: Hashable, Sendable, Codable {
  /// False: it waited already, or was delivered.
  public var waitsAgain: Bool

  public init(waitsAgain: Bool) { self.waitsAgain = waitsAgain }
}

/// Some of what waits, as lines of an export file.
public struct ExportPart: Hashable, Sendable, Codable {
  /// Each without its end.
  public var lines: [String]
  /// The row of the last; nil when there are no more.
  public var last: Int64?
  public var audit: AuditHead?

  public init(lines: [String], last: Int64?, audit: AuditHead?) {
    self.lines = lines
    self.last = last
    self.audit = audit
  }
}

public struct ProgressQuestion: Hashable, Sendable, Codable {
  public var number: CaseNumber
  /// Nil asks for the state in a word.
  public var claimCode: ClaimCode?

  public init(number: CaseNumber, claimCode: ClaimCode?) {
    self.number = number
    self.claimCode = claimCode
  }
}

/// The centre's answer, or why there is none.
public struct ProgressAnswer: Hashable, Sendable, Codable {
  public var progress: CaseProgress?
  /// `unreachable`, `wrongCode`, `resting`, `notUnderstood`.
  public var fault: String?
  /// With `resting`: ask again after so many seconds.
  public var seconds: Int?

  public init(_ progress: CaseProgress) { self.progress = progress }

  public init(_ fault: EnquiryFault) {
    switch fault {
    case .unreachable: self.fault = "unreachable"
    case .wrongCode: self.fault = "wrongCode"
    case .resting(let seconds): (self.fault, self.seconds) = ("resting", seconds)
    case .notUnderstood: self.fault = "notUnderstood"
    }
  }
}
