// SPDX-License-Identifier: Apache-2.0

import Records

/// Days as eight digits, months as six.
enum DateRule {
  static func check(
    _ field: FormField, _ text: String, _ answers: [String: Answer], _ today: Day
  ) throws(FieldFault) {
    try checkLength(field, text, 8, "form.date")
    guard let day = Day(digits: text) else { throw FieldFault("form.date.none", field) }
    try checkBounds(field, text, today, shown: \.dashed) { $0.digits }
    try checkOrder(field, text, answers)
    try checkSpan(field, day, answers)
  }

  static func checkMonth(
    _ field: FormField, _ text: String, _ answers: [String: Answer], _ today: Day
  ) throws(FieldFault) {
    try checkLength(field, text, 6, "form.month")
    guard Day(digits: text + "01") != nil else { throw FieldFault("form.month.none", field) }
    let shown = { (day: Day) in String(day.dashed.prefix(7)) }
    try checkBounds(field, text, today, shown: shown) { String($0.digits.prefix(6)) }
    try checkOrder(field, text, answers)
  }

  private static func checkLength(
    _ field: FormField, _ text: String, _ length: Int, _ key: String
  ) throws(FieldFault) {
    let count = text.unicodeScalars.count
    if count < length {
      throw FieldFault(key + ".short", field, ["missing": String(length - count)])
    }
    if count > length {
      throw FieldFault(key + ".long", field, ["extra": String(count - length)])
    }
  }

  /// Digits of the same length compare like the days they name.
  private static func checkBounds(
    _ field: FormField, _ text: String, _ today: Day, shown: (Day) -> String,
    digits: (Day) -> String
  ) throws(FieldFault) {
    if case .today(let offset) = field.validation?.min {
      let first = today.adding(days: offset)
      if text < digits(first) {
        throw FieldFault("form.date.early", field, ["first": shown(first)])
      }
    }
    if case .today(let offset) = field.validation?.max {
      let last = today.adding(days: offset)
      if text > digits(last) {
        throw FieldFault("form.date.late", field, ["last": shown(last)])
      }
    }
  }

  private static func checkOrder(
    _ field: FormField, _ text: String, _ answers: [String: Answer]
  ) throws(FieldFault) {
    if let key = field.validation?.gtField, case .text(let other) = answers[key], text <= other {
      throw FieldFault("form.date.after", field, ["other": shown(other)])
    }
    if let key = field.validation?.gteField, case .text(let other) = answers[key], text < other {
      throw FieldFault("form.date.not-before", field, ["other": shown(other)])
    }
  }

  private static func shown(_ digits: String) -> String {
    guard digits.utf8.count == 6 else { return Day(digits: digits)?.dashed ?? digits }
    return digits.prefix(4) + "-" + digits.suffix(2)
  }

  /// `3y`: the last day allowed is the same day three years on.
  private static func checkSpan(
    _ field: FormField, _ day: Day, _ answers: [String: Answer]
  ) throws(FieldFault) {
    guard let years = field.validation?.spanYears,
      let key = field.validation?.gtField ?? field.validation?.gteField,
      case .text(let text) = answers[key], let first = Day(digits: text)
    else { return }
    let last = Day(year: first.year + years, month: first.month, day: first.day)
    guard last < day else { return }
    throw FieldFault("form.date.span", field, ["years": String(years), "first": first.dashed])
  }
}

extension Validation {
  /// `max_span` in years; nil when there is none or it is not of the form `3y`.
  var spanYears: Int? {
    guard let maxSpan, maxSpan.hasSuffix("y"), let years = Int(maxSpan.dropLast()), years > 0 else {
      return nil
    }
    return years
  }
}
