// SPDX-License-Identifier: Apache-2.0

import Records

/// The questions of a matter, in order. In the file an array of fields.
public struct Form: Hashable, Sendable, Codable {
  public var fields: [FormField]

  public init(fields: [FormField]) { self.fields = fields }

  public init(from decoder: any Decoder) throws {
    fields = try decoder.singleValueContainer().decode([FormField].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(fields)
  }

  public subscript(key: String) -> FormField? { fields.first { $0.key == key } }

  /// The questions to be asked, given the answers so far. A question that hangs on another
  /// is not asked before that one is answered.
  public func visible(answers: [String: Answer]) -> [FormField] {
    fields.filter { field in
      field.visibleWhen.map { Condition($0)?.holds(answers) ?? false } ?? true
    }
  }

  /// Only the answers to questions that are asked: what was answered before a change of
  /// mind does not go along.
  public func pruned(_ answers: [String: Answer]) -> [String: Answer] {
    var kept = answers
    while true {
      let keys = Set(visible(answers: kept).map(\.key))
      let next = kept.filter { keys.contains($0.key) }
      if next.count == kept.count { return kept }
      kept = next
    }
  }

  /// The answers that the identity document gives; those it lacks are left to be asked.
  public func prefill(from resident: Resident) -> [String: Answer] {
    var answers: [String: Answer] = [:]
    for field in fields {
      guard let value = field.prefill.flatMap({ Self.value($0, resident) }), !value.isEmpty else {
        continue
      }
      answers[field.key] = .text(value)
    }
    return answers
  }

  private static func value(_ source: String, _ resident: Resident) -> String? {
    switch source {
    case "id_card.name": resident.name
    case "id_card.id_no": resident.idNumber
    case "id_card.address": resident.address
    case "id_card.birth": resident.birth
    case "id_card.sex": resident.sex
    case "id_card.name_en": resident.nameEnglish
    case "id_card.nationality": resident.nationality
    case "id_card.pass_no": resident.passNumber
    case "id_card.ethnicity": resident.ethnicity
    case "id_card.issuer": resident.issuer
    case "id_card.valid_from": resident.validFrom
    case "id_card.valid_to": resident.validTo
    default: nil
    }
  }
}
