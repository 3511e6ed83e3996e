// SPDX-License-Identifier: Apache-2.0

import Records

/// Judges one answer at a time, while the resident can still change it. The centre judges
/// again on arrival.
///
/// An answer read from the identity card needs no judging: rare names on cards use
/// characters that no pattern foresees.
public enum FieldRules {
  /// Nil when the answer may stand. `answers` are those given so far, for rules that
  /// compare two fields.
  public static func judge(
    field: FormField, answer: Answer?, answers: [String: Answer], today: Day
  ) -> FieldFault? {
    do throws(FieldFault) {
      guard let answer, !isEmpty(answer) else {
        if field.required { throw missing(field) }
        return nil
      }
      try check(field, answer, answers, today)
      return nil
    } catch {
      return error
    }
  }

  /// The first question that is asked and whose answer may not stand.
  public static func firstFault(
    in form: Form, answers: [String: Answer], today: Day
  ) -> (field: FormField, fault: FieldFault)? {
    for field in form.visible(answers: answers) {
      let answer = answers[field.key]
      if let fault = judge(field: field, answer: answer, answers: answers, today: today) {
        return (field, fault)
      }
    }
    return nil
  }

  private static func isEmpty(_ answer: Answer) -> Bool {
    switch answer {
    case .flag: false
    case .text(let text): text.isEmpty
    case .chosen(let values): values.isEmpty
    }
  }

  private static func missing(_ field: FormField) -> FieldFault {
    switch field.type {
    case .select, .multiselect, .bool: FieldFault("form.required.choose", field)
    default: FieldFault("form.required", field)
    }
  }

  private static func check(
    _ field: FormField, _ answer: Answer, _ answers: [String: Answer], _ today: Day
  ) throws(FieldFault) {
    switch (field.type, answer) {
    case (.bool, .flag(let flag)): try FlagRule.check(field, flag)
    case (.select, .text(let value)): try ChoiceRule.check(field, [value])
    case (.select, .chosen(let values)), (.multiselect, .chosen(let values)):
      try ChoiceRule.check(field, values)
    case (.number, .text(let text)), (.money, .text(let text)):
      try NumberRule.check(field, text, today)
    case (.date, .text(let text)):
      try DateRule.check(field, text, answers, today)
    case (.month, .text(let text)):
      try DateRule.checkMonth(field, text, answers, today)
    case (.bool, _), (.multiselect, _), (_, .flag), (_, .chosen):
      throw missing(field)
    case (_, .text(let text)): try TextRule.check(field, text, today)
    }
  }
}

enum FlagRule {
  static func check(_ field: FormField, _ flag: Bool) throws(FieldFault) {
    guard let wanted = field.validation?.mustBe, wanted != flag else { return }
    throw FieldFault(wanted ? "form.must-agree" : "form.must-not", field)
  }
}

enum ChoiceRule {
  static func check(_ field: FormField, _ values: [String]) throws(FieldFault) {
    let known = Set((field.options ?? []).map(\.value))
    let isSingle = field.type == .select
    guard values.allSatisfy({ known.contains($0) }), Set(values).count == values.count else {
      throw FieldFault("form.choice.unknown", field)
    }
    let least = isSingle ? 1 : field.validation?.minItems ?? 0
    let most = isSingle ? 1 : field.validation?.maxItems ?? known.count
    if values.count < least {
      let missing = least - values.count
      throw FieldFault("form.choice.few", field, ["missing": String(missing), "least": String(least)])
    }
    if values.count > most {
      let extra = values.count - most
      throw FieldFault("form.choice.many", field, ["extra": String(extra), "most": String(most)])
    }
  }
}
