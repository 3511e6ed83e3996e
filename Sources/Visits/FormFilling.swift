// SPDX-License-Identifier: Apache-2.0

import Matters
import Records

/// Walks a resident through a form, forwards and back. What she gives lives here, in
/// memory, and goes with the visit.
struct FormFilling {
  let matter: Matter
  let resident: Resident
  private(set) var answers: [String: Answer]
  /// What her document answers: shown, not asked. What it lacks is asked like all else.
  private let fromCard: Set<String>

  init(matter: Matter, resident: Resident) {
    self.matter = matter
    self.resident = resident
    let given = matter.form.prefill(from: resident)
    answers = given
    fromCard = Set(given.keys)
  }

  /// What said who she is.
  var source: Source { resident.document == .heldCode ? .code : .card }

  enum Source: String { case card, code }

  /// The questions her answers so far make visible and card or code has not answered.
  var questions: [FormField] {
    matter.form.visible(answers: answers).filter { !fromCard.contains($0.key) }
  }

  mutating func set(_ key: String, _ answer: Answer?) { answers[key] = answer }

  func question(at index: Int) -> Question? {
    let questions = questions
    guard questions.indices.contains(index) else { return nil }
    return Question(
      matter: matter, field: questions[index], here: index + 1, all: questions.count,
      following: index + 1 < questions.count ? questions[index + 1] : nil)
  }

  /// What stood in the field when she last saw it.
  func typed(_ field: FormField) -> String {
    guard case .text(let text) = answers[field.key] else { return "" }
    return text
  }

  func chosen(_ field: FormField) -> [String] {
    switch answers[field.key] {
    case .flag(let flag): [flag ? "true" : "false"]
    case .chosen(let values): values
    case .text(let text): [text]
    case nil: []
    }
  }

  /// What a choice on the page means as an answer; nil when nothing was given.
  func answer(_ choice: Choice, to field: FormField) -> Answer? {
    switch field.type {
    case .bool:
      return choice.values?.first.map { .flag($0 == "true") }
    case .multiselect:
      return choice.values.map { .chosen($0) }
    case .select:
      return choice.values?.first.map { .text($0) }
    default:
      guard let text = choice.value, !text.isEmpty else { return nil }
      return .text(text)
    }
  }

  /// The rows of the summary and of the card check.
  func rows(_ writer: SceneWriter, fromCard: Bool) -> [Part.Row] {
    let visible = matter.form.visible(answers: answers)
    return visible.filter { self.fromCard.contains($0.key) || !fromCard }.map { field in
      let isFromCard = self.fromCard.contains(field.key)
      let shown = answers[field.key].map { field.display($0, writer.words, writer.language) }
      return Part.Row(
        term: field.label.text(writer.language), value: shown ?? writer("summary.empty"),
        small: isFromCard && !fromCard ? writer("summary.from-\(source.rawValue)") : nil,
        choice: isFromCard ? nil : "edit:\(field.key)",
        label: isFromCard ? nil : writer("summary.change"))
    }
  }
}
