// SPDX-License-Identifier: Apache-2.0

import Records

/// What is wrong with an answer, and by how much: a Words key with its places. The
/// question's own name is the place `{label}`.
public struct FieldFault: Error, Hashable, Sendable {
  public let key: String
  public let label: Words.Sentence
  public let places: [String: String]

  init(_ key: String, _ field: FormField, _ places: [String: String] = [:]) {
    self.key = key
    label = field.label
    self.places = places
  }

  /// The finished sentence.
  public func text(_ words: Words, _ language: Language) -> String {
    words(key, language, places.merging(["label": label.text(language)]) { own, _ in own })
  }
}
