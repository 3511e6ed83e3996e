// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// Envelopes on their way out of one terminal.
public struct BatchRequest: Hashable, Sendable, Codable {
  /// Chosen by the terminal; echoed in the reply.
  public var batch: String
  public var terminal: String
  public var envelopes: [EnvelopeMessage]
  /// Where the terminal's audit chain ends now; nil when its ledger cannot be read.
  public var audit: AuditHead?

  public init(
    batch: String, terminal: String, envelopes: [EnvelopeMessage], audit: AuditHead? = nil
  ) {
    self.batch = batch
    self.terminal = terminal
    self.envelopes = envelopes
    self.audit = audit
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> BatchRequest {
    try StrictJSON.wire(BatchRequest.self, from: bytes)
  }
}

/// The centre's word on each envelope of a batch. Only a reply of this media type that
/// echoes the batch takes anything out of an outbox.
public struct BatchReply: Hashable, Sendable, Codable {
  public static let mediaType = "application/vnd.nightdesk.verdicts+json"

  public var batch: String
  public var verdicts: [VerdictMessage]
  /// True when the audit head is no continuation of the one the centre holds: a tail was cut.
  public var auditCut: Bool?

  public init(batch: String, verdicts: [VerdictMessage], auditCut: Bool? = nil) {
    self.batch = batch
    self.verdicts = verdicts
    self.auditCut = auditCut
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> BatchReply {
    try StrictJSON.wire(BatchReply.self, from: bytes)
  }
}

public struct VerdictMessage: Hashable, Sendable, Codable {
  public enum Word: String, Hashable, Sendable, Codable { case stored, already, refused }

  public var id: EnvelopeID
  public var verdict: Word
  /// Both only with `refused`.
  public var reason: String?
  public var correctable: Bool?

  public init(id: EnvelopeID, _ verdict: Verdict) {
    self.id = id
    switch verdict {
    case .stored: self.verdict = .stored
    case .already: self.verdict = .already
    case .refused(let reason, let correctable):
      self.verdict = .refused
      self.reason = reason
      self.correctable = correctable
    }
  }

  /// Nil when a refusal lacks its reason: then nothing was said about the envelope.
  public var meaning: Verdict? {
    switch verdict {
    case .stored: .stored
    case .already: .already
    case .refused: reason.map { .refused(reason: $0, correctable: correctable ?? false) }
    }
  }
}
