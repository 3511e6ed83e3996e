// SPDX-License-Identifier: Apache-2.0

import Matters
import Records

/// Where a question stands among its neighbours.
struct Question {
  var matter: Matter
  var field: FormField
  var here: Int
  var all: Int
  /// The question after it; nil when the summary follows.
  var following: FormField?

  /// Whether other questions are asked hangs on this answer, so nobody can count them yet.
  var decidesOthers: Bool {
    matter.form.fields.contains { $0.visibleWhen?.hasPrefix(field.key + " ") ?? false }
  }
}

/// One question a screen.
extension SceneWriter {
  /// What her card or code says, masked, to be confirmed.
  func check(_ matter: Matter, rows: [Part.Row], source: FormFilling.Source) -> SceneDraft {
    var draft = SceneDraft("check", title: self("check.\(source.rawValue)-title"))
    draft.here = matter.name.text(language)
    draft.step = .fill
    draft.lead = self("check.lead")
    draft.back = true
    draft.body = [.rows(rows)]
    draft.act = [
      .buttons([main("confirm", "check.confirm", icon: "next"), button("wrong", "check.wrong")])
    ]
    draft.next = self("check.next")
    return draft
  }

  func sourceIsWrong(_ matter: Matter, _ source: FormFilling.Source) -> SceneDraft {
    let name = "check.\(source.rawValue)-wrong"
    var draft = SceneDraft("check", title: self(name))
    draft.here = matter.name.text(language)
    draft.back = true
    draft.body = [
      .say(
        Part.Say(
          tone: .heed, icon: "info", title: nil,
          text: self("\(name)-text", ["phone": settings.site.phone])))
    ]
    draft.act = [.buttons([main("back", "base.back", icon: "back")])]
    return draft
  }

  private func frame(_ question: Question, title: String, lead: String) -> SceneDraft {
    var draft = SceneDraft("field", title: title)
    draft.here = question.matter.name.text(language)
    draft.there = self(
      question.decidesOthers ? "fill.there-open" : "fill.there",
      ["here": String(question.here), "all": String(question.all)])
    draft.step = .fill
    draft.lead = lead
    draft.back = true
    if question.decidesOthers {
      draft.next = self("fill.next-depends")
    } else if let following = question.following {
      draft.next = self("fill.next-question", ["label": following.label.text(language)])
    } else {
      draft.next = self("fill.next-summary")
    }
    return draft
  }

  func field(_ question: Question, typed: String, error: String?) -> SceneDraft {
    let field = question.field
    let asked = asking(question)
    var draft = frame(question, title: asked.title, lead: asked.lead)
    draft.act = [
      .field(
        Part.Field(
          keys: asked.keys, value: typed, groups: asked.groups, limit: asked.limit, error: error,
          hint: language == .zh ? field.helpZh : nil, labels: keyLabels))
    ]
    if !field.required {
      draft.act.append(
        .buttons([Part.Button(choice: "leave", text: self("fill.skip"), icon: nil, style: .small)]))
    }
    return draft
  }

  private var keyLabels: [String: String] {
    ["erase", "clear", "done", "space", "letters", "figures"]
      .reduce(into: [:]) { $0[$1] = self("key.\($1)") }
  }

  private struct Asking {
    var title: String
    var lead: String
    var keys: Part.Field.Keys
    var groups: [Int] = []
    var limit = 0
  }

  /// The question in words of its own where there are any, else made of the field's label.
  private func ask(_ question: Question) -> String {
    let field = question.field
    let key = "ask.\(question.matter.id).\(field.key)"
    guard words.sentences[key] == nil else { return self(key) }
    let label = field.label.text(language) + (field.required ? "" : self("fill.optional"))
    return self("fill.ask", ["label": label])
  }

  private func asking(_ question: Question) -> Asking {
    let field = question.field
    let plain = ask(question)
    return switch field.type {
    case .phone:
      Asking(
        title: self("fill.ask-phone"), lead: self("fill.ask-phone-lead"), keys: .digits,
        groups: [3, 4, 4], limit: 11)
    case .bankCard:
      Asking(
        title: self("fill.ask-bank"), lead: self("fill.ask-bank-lead"), keys: .digits,
        groups: [4, 4, 4, 4, 3], limit: 19)
    case .idNumber:
      Asking(
        title: plain, lead: self("fill.ask-id-lead"), keys: .idNumber, groups: [6, 8, 4], limit: 18)
    case .date:
      Asking(title: plain, lead: self("fill.ask-date-lead"), keys: .date, groups: [4, 2, 2], limit: 8)
    case .money:
      Asking(title: plain, lead: self("fill.ask-money-lead"), keys: .amount, limit: 12)
    case .number:
      Asking(title: plain, lead: self("fill.ask-number-lead"), keys: .amount, limit: 12)
    default:
      Asking(title: plain, lead: self("fill.ask-text-lead"), keys: .text)
    }
  }

  func options(_ question: Question, chosen: [String], error: String?) -> SceneDraft {
    let field = question.field
    let several = field.type == .multiselect
    var draft = frame(
      question, title: ask(question),
      lead: self(several ? "fill.choose-several-lead" : "fill.choose-lead"))
    draft.name = "choice"
    if let error {
      draft.read = [.say(Part.Say(tone: .heed, icon: "info", title: nil, text: error))]
    }
    let options =
      field.type == .bool
      ? [("true", self("fill.yes")), ("false", self("fill.no"))]
      : (field.options ?? []).map { ($0.value, $0.label.text(language)) }
    draft.body = [
      .options(
        Part.Options(
          options: options.map { value, title in
            Part.Options.Option(
              value: value, title: title, small: nil, chosen: chosen.contains(value))
          }, several: several))
    ]
    draft.act = [.buttons([main("answer", "fill.next", icon: "next")])]
    return draft
  }
}
