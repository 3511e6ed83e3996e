// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// One line of the clerk's list. What is not known is null.
struct CaseEntry: Encodable, Sendable {
  let record: CaseRecord
  /// From the catalogue.
  let matterName: Words.Sentence?

  private enum CodingKeys: String, CodingKey {
    case number, id, caseNumber, terminal, matter, matterName, state, reason, owner, due
    case filedAt, timeQuality, receivedAt, assurance, told, flagged, deliveries
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(record.number, forKey: .number)
    try container.encode(record.id, forKey: .id)
    try container.encode(record.caseNumber, forKey: .caseNumber)
    try container.encode(record.terminal, forKey: .terminal)
    try container.encode(record.routing?.matter, forKey: .matter)
    try container.encode(matterName, forKey: .matterName)
    try container.encode(record.state, forKey: .state)
    try container.encode(record.reason?.rawValue, forKey: .reason)
    try container.encode(record.owner, forKey: .owner)
    try container.encode(record.due, forKey: .due)
    try container.encode(record.routing?.time.at, forKey: .filedAt)
    try container.encode(record.routing?.time.quality, forKey: .timeQuality)
    try container.encode(record.receivedAt, forKey: .receivedAt)
    try container.encode(record.routing?.assurance, forKey: .assurance)
    try container.encode(record.told, forKey: .told)
    try container.encode(record.told == .unknown, forKey: .flagged)
    try container.encode(record.deliveries, forKey: .deliveries)
  }
}

struct CaseListing: Encodable, Sendable {
  var cases: [CaseEntry]
  /// Where the next page begins; null on the last.
  var next: String?

  private enum CodingKeys: String, CodingKey { case cases, next }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cases, forKey: .cases)
    try container.encode(next, forKey: .next)
  }
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
