// SPDX-License-Identifier: Apache-2.0

import Matters
import Records

/// Asks the questions of a form one by one, until all are answered well.
struct Questions {
  let talk: Conversation
  let today: Day

  enum Outcome {
    case done
    /// She went back before the first question.
    case backOut
  }

  func ask(_ filling: inout FormFilling, from position: Int) async throws(VisitEnd) -> Outcome {
    var index = position
    while let question = filling.question(at: index) {
      if try await ask(question, &filling) {
        index += 1
      } else if index == 0 {
        return .backOut
      } else {
        index -= 1
      }
    }
    return .done
  }

  /// False when she goes back.
  private func ask(_ question: Question, _ filling: inout FormFilling) async throws(VisitEnd) -> Bool {
    let field = question.field
    var fault: FieldFault?
    var given: Choice?
    while true {
      let (current, lastGiven, lastFault) = (filling, given, fault)
      let choice = try await talk.ask(.form) { held in
        scene(question, current, held: held ?? lastGiven, fault: lastFault)
      }
      switch choice.choice {
      case "back": return false
      case "leave" where !field.required:
        filling.set(field.key, nil)
        return true
      case "answer":
        let answer = filling.answer(choice, to: field).map { FieldRules.tidied($0, for: field) }
        fault = FieldRules.judge(
          field: field, answer: answer, answers: filling.answers, today: today)
        given = choice
        guard fault == nil else { continue }
        filling.set(field.key, answer)
        return true
      default: continue
      }
    }
  }

  private func scene(
    _ question: Question, _ filling: FormFilling, held: Choice?, fault: FieldFault?
  ) -> SceneDraft {
    let error = fault.map { $0.text(talk.writer.words, talk.writer.language) }
    switch question.field.type {
    case .bool, .select, .multiselect:
      return talk.writer.options(
        question, chosen: held?.values ?? filling.chosen(question.field), error: error)
    default:
      // What is far too long is not sent back to the page; she sees why and starts anew.
      let text = held?.value ?? filling.typed(question.field)
      return talk.writer.field(
        question, typed: text.count > Self.mostShown ? "" : text, error: error)
    }
  }

  /// As much as the longest answer a form takes.
  private static let mostShown = 2000
}
