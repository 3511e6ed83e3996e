// SPDX-License-Identifier: Apache-2.0

extension CatalogueInspector {
  private static let prefillSources: Set<String> = [
    "id_card", "e_licence", "account", "cert", "ss_card",
  ]

  mutating func inspect(_ form: Form, at place: String) {
    let keys = Set(form.fields.map(\.key))
    requireDistinct(form.fields.map(\.key), place, ".key")
    for (index, field) in form.fields.enumerated() {
      let place = "\(place)[\(index)]"
      requireText(field.key, "\(place).key")
      requireText(field.labelZh, "\(place).label_zh")
      requireText(field.labelEn, "\(place).label_en")
      requireCondition(field.visibleWhen, on: keys, "\(place).visible_when")
      inspectPrefill(field, "\(place).prefill")
      inspectOptions(field, place)
      if let validation = field.validation {
        inspect(validation, of: field, keys, "\(place).validation")
      }
    }
    inspectVisibility(form, place)
  }

  private mutating func inspectPrefill(_ field: FormField, _ place: String) {
    guard let prefill = field.prefill else { return }
    let source = prefill.prefix { $0 != "." }
    require(
      Self.prefillSources.contains(String(source)) && prefill.contains("."), place,
      "“\(prefill)” is no known source")
  }

  private mutating func inspectOptions(_ field: FormField, _ place: String) {
    let options = field.options ?? []
    let isChoice = field.type == .select || field.type == .multiselect
    require(
      isChoice == !options.isEmpty, "\(place).options",
      isChoice ? "a choice needs its options" : "only a choice has options")
    requireDistinct(options.map(\.value), "\(place).options", ".value")
    for (index, option) in options.enumerated() {
      requireText(option.labelZh, "\(place).options[\(index)].label_zh")
      requireText(option.labelEn, "\(place).options[\(index)].label_en")
    }
  }

  private mutating func inspect(
    _ rules: Validation, of field: FormField, _ keys: Set<String>, _ place: String
  ) {
    if let text = rules.pattern {
      do throws(Pattern.Fault) {
        _ = try Pattern(text)
      } catch {
        note("\(place).pattern", "character \(error.position + 1): \(error.sentence)")
      }
    }
    for (name, other) in [("gte_field", rules.gteField), ("gt_field", rules.gtField)] {
      if let other { require(keys.contains(other), "\(place).\(name)", "there is no field “\(other)”") }
    }
    if rules.maxSpan != nil {
      require(rules.spanYears != nil, "\(place).max_span", "is not of the form 3y")
    }
    requireOrder(rules.minLength, rules.maxLength, "\(place).min_length")
    requireOrder(rules.minItems, rules.maxItems, "\(place).min_items")
    requireOrder(rules.ageMin, rules.ageMax, "\(place).age_min")
    if case .number(let least) = rules.min, case .number(let most) = rules.max, least > most {
      note("\(place).min", "is above max")
    }
    require(rules.step ?? 1 > 0, "\(place).step", "is not above zero")
    require(rules.length ?? 1 > 0, "\(place).length", "is not above zero")
    if let least = rules.minItems, let options = field.options {
      require(least <= options.count, "\(place).min_items", "is above the number of options")
    }
  }

  private mutating func requireOrder(_ least: Int?, _ most: Int?, _ place: String) {
    guard let least else { return }
    require(least >= 0, place, "is below zero")
    if let most { require(least <= most, place, "is above its counterpart") }
  }

  /// A field whose visibility hangs on itself, directly or round about, is never shown.
  private mutating func inspectVisibility(_ form: Form, _ place: String) {
    let edges = Dictionary(
      form.fields.map { field in
        (field.key, field.visibleWhen.flatMap { Condition($0)?.key }.map { [$0] } ?? [])
      }, uniquingKeysWith: { first, _ in first })
    for (index, field) in form.fields.enumerated() where Cycle.contains(field.key, in: edges) {
      note("\(place)[\(index)].visible_when", "the field hangs on itself")
    }
  }
}

/// Circles in what depends on what.
enum Cycle {
  /// `start` is reached again from `start`.
  static func contains(_ start: String, in edges: [String: [String]]) -> Bool {
    var open = edges[start] ?? []
    var seen = Set<String>()
    while let next = open.popLast() {
      if next == start { return true }
      if seen.insert(next).inserted { open += edges[next] ?? [] }
    }
    return false
  }
}
