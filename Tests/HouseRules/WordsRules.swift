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
      text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
        part.contains("}") ? String(part.prefix { $0 != "}" }) : nil
      })
  }

  /// Modules that speak to people: a literal there that looks like a key is meant as one.
  private static let speakers: Set<String> = ["Matters", "Paper", "Visits", "Screens", "Upkeep"]

  /// Keys that a source asks for and nobody has written. A literal that is put together
  /// with something must at least begin a key.
  static func breaches(in file: SourceFile, keys: Set<String>) -> [Breach] {
    let text = file.swift
    let subjects = Set(keys.map { $0.prefix { $0 != "." } })
    return text.literals.compactMap { literal in
      let isAsked = asksForWords(literal, in: text)
      let isMeant =
        speakers.contains(file.module) && looksLikeKey(literal.text, of: subjects)
        && !isProblemCode(literal, in: text)
      guard isAsked || isMeant else { return nil }
      let mayBegin = literal.isInterpolated || !isAsked
      let isThere = keys.contains { key in
        key == literal.text || mayBegin && key.hasPrefix(literal.text)
      }
      return isThere ? nil : file.breach(text.line(at: literal.offset), "no words for \(literal.text)")
    }
  }

  private static func looksLikeKey(_ text: String, of subjects: Set<Substring>) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 && subjects.contains(parts[0])
      && text.utf8.allSatisfy { SwiftText.isNameByte($0) || $0 == 0x2E || $0 == 0x2D }
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
    let text = file.swift
    return text.literals.filter { isProblemCode($0, in: text) }.map { literal in
      (literal.text, file.breach(text.line(at: literal.offset), literal.text))
    }
  }

  private static func isProblemCode(_ literal: SwiftText.Literal, in text: SwiftText) -> Bool {
    guard !literal.isInterpolated, text.before(literal.offset) == UInt8(ascii: ":"),
      let colon = text.code[..<literal.offset].lastIndex(of: UInt8(ascii: ":")),
      text.word(before: colon) == "code",
      let parenthesis = text.code[..<colon].lastIndex(of: UInt8(ascii: "("))
    else { return false }
    return ["Problem", "init"].contains(text.word(before: parenthesis))
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
