// SPDX-License-Identifier: Apache-2.0

/// The two languages of screen and paper.
public enum Language: String, Hashable, Sendable, Codable, CaseIterable {
  case zh, en
}

/// Every sentence that a person sees, by key, in both languages. Loaded by the
/// executables and handed on as a value.
public struct Words: Sendable {
  public struct Sentence: Hashable, Sendable, Codable {
    public var zh: String
    public var en: String

    public init(zh: String, en: String) {
      self.zh = zh
      self.en = en
    }

    public func text(_ language: Language) -> String { language == .zh ? zh : en }
  }

  public private(set) var sentences: [String: Sentence]

  public init(_ sentences: [String: Sentence]) { self.sentences = sentences }

  /// Signed settings override binding sentences.
  public func overridden(by others: [String: Sentence]) -> Words {
    Words(sentences.merging(others) { $1 })
  }

  /// The sentence with `{name}` places filled in. A key that is missing shows itself, so
  /// that a hole is seen; a test compares all keys used with those that are there.
  public func callAsFunction(
    _ key: String, _ language: Language, _ places: [String: String] = [:]
  ) -> String {
    guard let sentence = sentences[key] else { return "⟦\(key)⟧" }
    var result = ""
    var rest = sentence.text(language)[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = String(rest[rest.index(after: open)..<close])
      result += rest[..<open]
      result += places[name] ?? "{\(name)}"
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }
}
