// SPDX-License-Identifier: Apache-2.0

import Records

/// Length first, then characters, then check digits: the order in which a person who is
/// still typing can do something about it.
enum TextRule {
  static func check(_ field: FormField, _ text: String, _ today: Day) throws(FieldFault) {
    try checkLength(field, text.unicodeScalars.count)
    try checkCharacters(field, text)
    try checkPattern(field, text)
    switch field.validation?.checksum {
    case .gb11643: try checkIDNumber(field, text, today)
    case .gb32100 where !Checksum.holdsGB32100(text): throw FieldFault("form.uscc.check", field)
    case .luhn where !Checksum.holdsLuhn(text): throw FieldFault("form.card.check", field)
    case .gb32100, .luhn, nil: break
    }
  }

  /// Fewest and most characters; every kind has a most, so that no answer grows without end.
  private static func lengths(_ field: FormField) -> (least: Int, most: Int) {
    let rules = field.validation
    if let exact = rules?.length { return (exact, exact) }
    let fallback: (least: Int, most: Int) =
      switch field.type {
      case .phone: (11, 11)
      case .idNumber, .uscc: (18, 18)
      case .bankCard: (12, 19)
      case .textarea, .person, .personList, .geoPolygon: (1, 2000)
      default: (1, 200)
      }
    return (rules?.minLength ?? fallback.least, rules?.maxLength ?? fallback.most)
  }

  private static func checkLength(_ field: FormField, _ count: Int) throws(FieldFault) {
    let (least, most) = lengths(field)
    guard count < least || count > most else { return }
    let kind =
      switch field.type {
      case .phone: "phone"
      case .idNumber, .uscc, .bankCard: least == most ? "digits" : "span"
      default: "text"
      }
    let places = ["least": String(least), "most": String(most)]
    if count < least {
      throw FieldFault(
        "form.\(kind).short", field, places.merging(["missing": String(least - count)]) { $1 })
    }
    throw FieldFault(
      "form.\(kind).long", field, places.merging(["extra": String(count - most)]) { $1 })
  }

  /// Control characters reach neither paper nor centre; only a long text may break lines.
  private static func checkCharacters(_ field: FormField, _ text: String) throws(FieldFault) {
    let hidden = text.unicodeScalars.enumerated().first { _, scalar in
      switch scalar.properties.generalCategory {
      case .control: !(field.type == .textarea && scalar == "\n")
      case .surrogate, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    guard let hidden else { return }
    throw FieldFault("form.character.hidden", field, ["position": String(hidden.offset + 1)])
  }

  private static func checkPattern(_ field: FormField, _ text: String) throws(FieldFault) {
    guard let source = field.validation?.pattern, let pattern = try? Pattern(source) else {
      // A catalogue with a broken pattern is refused before it is used.
      return
    }
    switch pattern.match(text) {
    case .whole: return
    case .unfinished: throw FieldFault("form.unfinished", field)
    case .stops(let index) where field.type == .phone && index < 2:
      throw FieldFault("form.phone.start", field)
    case .stops(let index):
      let scalars = text.unicodeScalars
      let scalar = scalars[scalars.index(scalars.startIndex, offsetBy: index)]
      throw FieldFault(
        "form.character", field, ["position": String(index + 1), "character": String(scalar)])
    }
  }

  private static func checkIDNumber(
    _ field: FormField, _ text: String, _ today: Day
  ) throws(FieldFault) {
    guard Checksum.holdsGB11643(text) else { throw FieldFault("form.id.check", field) }
    guard let birth = Day(digits: text.dropFirst(6).prefix(8)), birth <= today else {
      throw FieldFault("form.id.birth", field)
    }
    let age = Self.age(birth, on: today)
    if let least = field.validation?.ageMin, age < least {
      throw FieldFault("form.age.low", field, ["least": String(least), "age": String(age)])
    }
    if let most = field.validation?.ageMax, age > most {
      throw FieldFault("form.age.high", field, ["most": String(most), "age": String(age)])
    }
  }

  private static func age(_ birth: Day, on today: Day) -> Int {
    let hadBirthday = (today.month, today.day) >= (birth.month, birth.day)
    return today.year - birth.year - (hadBirthday ? 0 : 1)
  }
}
