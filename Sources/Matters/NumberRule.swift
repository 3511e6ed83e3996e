// SPDX-License-Identifier: Apache-2.0

import Records

/// Numbers and amounts, typed as decimal digits.
enum NumberRule {
  /// Longer numbers are not exact in a Double.
  private static let longest = 15

  static func check(_ field: FormField, _ text: String, _ today: Day) throws(FieldFault) {
    guard text.utf8.count <= longest else {
      let extra = text.unicodeScalars.count - longest
      throw FieldFault("form.number.long", field, ["extra": String(extra), "most": String(longest)])
    }
    guard let value = Decimal.value(text) else { throw FieldFault("form.number.form", field) }
    if let least = bound(field.validation?.min, today), value < least {
      throw FieldFault("form.number.low", field, ["least": Amount.text(least)])
    }
    if let most = bound(field.validation?.max, today), value > most {
      throw FieldFault("form.number.high", field, ["most": Amount.text(most)])
    }
    try checkStep(field, text, value)
  }

  private static func checkStep(
    _ field: FormField, _ text: String, _ value: Double
  ) throws(FieldFault) {
    if field.type == .money, let point = text.firstIndex(of: "."),
      text[point...].utf8.count > 3
    {
      throw FieldFault("form.money.cents", field)
    }
    guard let step = field.validation?.step, step > 0 else { return }
    let turns = value / step
    guard abs(turns - turns.rounded()) < 1e-9 else {
      throw FieldFault("form.number.step", field, ["step": Amount.text(step)])
    }
  }

  private static func bound(_ bound: Bound?, _ today: Day) -> Double? {
    switch bound {
    case .number(let number): number
    case .thisYear: Double(today.year)
    case .today, nil: nil
    }
  }
}
