// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// A filing that names another one.
struct Following: Codable, Hashable, Sendable {
  var number: CaseNumber
  var at: Timestamp

  init(_ follower: CaseRecord.Follower) {
    number = follower.number
    at = follower.at
  }
}

/// One line of the clerk's list: an application, a withdrawal or a correction.
struct CaseEntry: Codable, Hashable, Sendable {
  var number: CaseNumber
  var id: EnvelopeID
  var kind: EnvelopeKind
  @OrNull var caseNumber: String?
  var terminal: String
  @OrNull var matter: String?
  /// From the catalogue.
  @OrNull var matterName: Words.Sentence?
  var state: CaseRecord.State
  @OrNull var reason: String?
  @OrNull var owner: String?
  @OrNull var due: Timestamp?
  @OrNull var settledAt: Timestamp?
  @OrNull var filedAt: Timestamp?
  @OrNull var timeQuality: TimeQuality?
  var receivedAt: Timestamp
  @OrNull var assurance: Assurance?
  @OrNull var told: Told?
  /// Told unknown: she may have filed again.
  var flagged: Bool
  var deliveries: Int
  @OrNull var withdrawnBy: Following?
  var corrections: [Following]
  /// The application that a withdrawal or correction is about.
  @OrNull var first: CaseNumber?

  init(_ record: CaseRecord, matterName: Words.Sentence?) {
    number = record.number
    id = record.id
    kind = record.kind
    caseNumber = record.caseNumber
    terminal = record.terminal
    matter = record.routing?.matter
    self.matterName = matterName
    state = record.state
    reason = record.reason?.rawValue
    owner = record.owner
    due = record.due
    settledAt = record.settledAt
    filedAt = record.routing?.time.at
    timeQuality = record.routing?.time.quality
    receivedAt = record.receivedAt
    assurance = record.routing?.assurance
    told = record.told
    flagged = record.told == .unknown
    deliveries = record.deliveries
    withdrawnBy = record.withdrawnBy.map { Following($0) }
    corrections = record.corrections.map { Following($0) }
    first = record.routing?.first
  }
}

struct CaseListing: Codable, Hashable, Sendable {
  var cases: [CaseEntry]
  /// Where the next page begins; null on the last.
  @OrNull var next: String?
}

/// What the back office fetches to open it.
struct SealedCase: Codable, Hashable, Sendable {
  var `case`: CaseEntry
  var envelope: EnvelopeMessage
}

/// One case with what only the back office opens.
struct OpenedCase: Encodable, Sendable {
  var entry: CaseEntry
  var content: Content?

  private enum CodingKeys: String, CodingKey { case content }
  private enum ContentKeys: String, CodingKey { case applicant, answers, materials, language }

  func encode(to encoder: any Encoder) throws {
    try entry.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    guard let content else { return try container.encodeNil(forKey: .content) }
    // The claim code is the resident's own: no clerk needs it.
    var inner = container.nestedContainer(keyedBy: ContentKeys.self, forKey: .content)
    try inner.encode(content.applicant, forKey: .applicant)
    try inner.encode(content.answers, forKey: .answers)
    try inner.encode(content.materials, forKey: .materials)
    try inner.encode(content.language, forKey: .language)
  }
}
