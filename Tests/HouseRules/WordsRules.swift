// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A sentence as it stands in Kiosk/Words.
struct Sentence: Decodable {
  var zh: String
  var en: String
}

/// Every sentence a person sees is there, in both languages, and is asked for by its name.
enum WordsRules {
  /// What is wrong with the files of Kiosk/Words themselves.
  static func breaches(inFiles files: [SourceFile]) -> [Breach] {
    var owners: [String: String] = [:]
    return files.flatMap { file -> [Breach] in
      let sentences: [String: Sentence]
      do throws(JSONFault) {
        sentences = try read(file)
      } catch {
        return [file.breach(error.line, error.description)]
      }
      return sentences.sorted { $0.key < $1.key }.flatMap { key, sentence in
        let owner = owners.updateValue(file.path, forKey: key)
        let doubled = owner.map { file.breach(1, "\(key) is in \($0) too") }
        return [doubled].compactMap { $0 } + objections(key, sentence).map { file.breach(1, $0) }
      }
    }
  }

  static func read(_ file: SourceFile) throws(JSONFault) -> [String: Sentence] {
    try StrictJSON.decode([String: Sentence].self, from: Array(file.text.utf8))
  }

  private static func objections(_ key: String, _ sentence: Sentence) -> [String] {
    var objections: [String] = []
    if sentence.zh.allSatisfy(\.isWhitespace) { objections.append("\(key) has no Chinese") }
    if sentence.en.allSatisfy(\.isWhitespace) { objections.append("\(key) has no English") }
    if places(sentence.zh) != places(sentence.en) {
      objections.append("\(key) has other places in Chinese than in English")
    }
    return objections
  }

  /// The names between braces.
  static func places(_ text: String) -> Set<String> {
    Set(
      text.split(separator: "{").dropFirst().compactMap { part in
        part.contains("}") ? String(part.prefix { $0 != "}" }) : nil
      })
  }

  /// Keys that a source asks for and nobody has written.
  static func breaches(in file: SourceFile, keys: Set<String>) -> [Breach] {
    let text = SwiftText(file.text)
    return text.literals.filter { asksForWords($0, in: text) }.compactMap { literal in
      let isThere =
        literal.isInterpolated
        ? keys.contains { $0.hasPrefix(literal.text) } : keys.contains(literal.text)
      return isThere ? nil : file.breach(text.line(at: literal.offset), "no words for \(literal.text)")
    }
  }

  /// `words("…"`, `self("…"`, `writer("…"`, `FieldFault("…"`: the first argument is a key.
  private static func asksForWords(_ literal: SwiftText.Literal, in text: SwiftText) -> Bool {
    guard text.before(literal.offset) == UInt8(ascii: "("), literal.text.contains("."),
      let parenthesis = text.code[..<literal.offset].lastIndex(of: UInt8(ascii: "("))
    else { return false }
    return ["words", "self", "writer", "FieldFault"].contains(text.word(before: parenthesis))
  }

  /// The codes that `Problem(code: "…"` declares, with their places.
  static func problems(in file: SourceFile) -> [(code: String, breach: Breach)] {
    let text = SwiftText(file.text)
    return text.literals.compactMap { literal in
      guard !literal.isInterpolated, text.word(before: literal.offset - 1) == "code",
        text.before(literal.offset) == UInt8(ascii: ":"),
        let parenthesis = text.code[..<literal.offset].lastIndex(of: UInt8(ascii: "(")),
        ["Problem", "init", "."].contains(text.word(before: parenthesis))
      else { return nil }
      return (literal.text, file.breach(text.line(at: literal.offset), literal.text))
    }
  }

  /// A code declared twice, or without a sentence for the resident or for staff.
  static func problemBreaches(in files: [SourceFile], keys: Set<String>) -> [Breach] {
    var seen = Set<String>()
    return files.flatMap(problems).flatMap { code, place in
      let keysWanted = ["problem.\(code).resident", "problem.\(code).staff"]
      var breaches = keysWanted.filter { !keys.contains($0) }.map { key in
        Breach(path: place.path, line: place.line, sentence: "no words for \(key)")
      }
      if !seen.insert(code).inserted {
        breaches.append(
          Breach(path: place.path, line: place.line, sentence: "\(code) is declared twice"))
      }
      return breaches
    }
  }
}
