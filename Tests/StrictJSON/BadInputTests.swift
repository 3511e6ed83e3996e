// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

/// A small document with every kind of container in it.
private struct Shelf: Decodable, Equatable {
  struct Book: Decodable, Equatable {
    var title: String
    var pages: UInt16?
  }
  var books: [Book]
  var notes: [String: Int]?
}

private struct BadInput: CustomTestStringConvertible, Sendable {
  var json: [UInt8]
  var place: String
  var line: Int
  var column: Int
  var reason: JSONFault.Reason

  init(_ json: String, _ place: String, _ line: Int, _ column: Int, _ reason: JSONFault.Reason) {
    self.init(Array(json.utf8), place, line, column, reason)
  }

  init(
    _ json: [UInt8], _ place: String, _ line: Int, _ column: Int, _ reason: JSONFault.Reason
  ) {
    self.json = json
    self.place = place
    self.line = line
    self.column = column
    self.reason = reason
  }

  var testDescription: String { String(decoding: json, as: UTF8.self) }
}

private let syntax = [
  BadInput("", "", 1, 1, .syntax),
  BadInput("\u{FEFF}{}", "", 1, 1, .syntax),
  BadInput("{\"books\": []} x", "", 1, 15, .syntax),
  BadInput("{\"books\": []}\n]", "", 2, 1, .syntax),
  BadInput("{\"books\": [],}", "", 1, 14, .syntax),
  BadInput("{books: []}", "", 1, 2, .syntax),
  BadInput("{'books': []}", "", 1, 2, .syntax),
  BadInput("{\"books\" []}", "books", 1, 10, .syntax),
  BadInput("{\"books\": [{\"title\": \"a\"},]}", "books[1]", 1, 27, .syntax),
  BadInput("{\"books\": [{\"title\": \"a\"} {}]}", "books", 1, 27, .syntax),
  BadInput("{\"books\": [{\"title\": tru}]}", "books[0].title", 1, 22, .syntax),
  BadInput("{\"books\": [{\"title\": \"a", "books[0].title", 1, 24, .syntax),
  BadInput("{\"books\": [{\"title\": \"a\nb\"}]}", "books[0].title", 1, 24, .syntax),
  BadInput("{\"books\": [{\"title\": \"a\u{01}\"}]}", "books[0].title", 1, 24, .syntax),
  BadInput(#"{"books": [{"title": "a\x"}]}"#, "books[0].title", 1, 24, .syntax),
  BadInput(#"{"books": [{"title": "\u12"}]}"#, "books[0].title", 1, 23, .syntax),
  BadInput(#"{"books": [{"title": "\ud83d"}]}"#, "books[0].title", 1, 23, .syntax),
  BadInput(#"{"books": [{"title": "\ude00"}]}"#, "books[0].title", 1, 23, .syntax),
  BadInput(#"{"books": [{"title": "\ud83d\u0041"}]}"#, "books[0].title", 1, 23, .syntax),
  BadInput("{\"notes\": {\"a\": 01}}", "notes", 1, 18, .syntax),
  BadInput("{\"notes\": {\"a\": +1}}", "notes.a", 1, 17, .syntax),
  BadInput("{\"notes\": {\"a\": 1.}}", "notes.a", 1, 19, .syntax),
  BadInput("{\"notes\": {\"a\": .5}}", "notes.a", 1, 17, .syntax),
  BadInput("{\"notes\": {\"a\": 1e}}", "notes.a", 1, 19, .syntax),
  BadInput("{\"notes\": {\"a\": NaN}}", "notes.a", 1, 17, .syntax),
  BadInput("{\"notes\": {\"a\": -}}", "notes.a", 1, 18, .syntax),
  BadInput("// hello\n{}", "", 1, 1, .syntax),
]

private let text = [
  BadInput(Array("{\"书\": \"".utf8) + [0xFF], "书", 1, 8, .invalidUTF8),
  BadInput(Array("{\"a\": \"".utf8) + [0xC0, 0x80, 0x22], "a", 1, 8, .invalidUTF8),
  BadInput(Array("{\"a\": \"".utf8) + [0xED, 0xA0, 0x80, 0x22], "a", 1, 8, .invalidUTF8),
  BadInput(Array("{\"a\": \"é".utf8) + [0xF4, 0x90, 0x80, 0x80], "a", 1, 9, .invalidUTF8),
  BadInput(Array("{\"a\": \"".utf8) + [0xE4, 0xB9, 0x22], "a", 1, 8, .invalidUTF8),
  BadInput(Array("{\"a\": \"\\n".utf8) + [0x80, 0x22], "a", 1, 10, .invalidUTF8),
]

private let meaning = [
  BadInput("{\"books\": [], \"books\": []}", "books", 1, 15, .doubledKey),
  BadInput(#"{"books": [], "b\u006foks": []}"#, "books", 1, 15, .doubledKey),
  BadInput("{\"books\": [],\n \"notes\": {\"a\": 1,\n  \"a\": 2}}", "notes.a", 3, 3, .doubledKey),
  BadInput("{\"books\": [], \"colour\": 1}", "colour", 1, 15, .unknownKey),
  BadInput(
    "{\"books\": [\n  {\"title\": \"a\"},\n  {\"titel\": \"b\"}]}", "books[1].titel", 3, 4, .unknownKey),
  BadInput("{\"books\": [], \"a b\": 1}", "[\"a b\"]", 1, 15, .unknownKey),
  BadInput("{}", "books", 1, 1, .missingKey),
  BadInput("{\"books\": [{\"pages\": 3}]}", "books[0].title", 1, 12, .missingKey),
  BadInput("{\"books\": null}", "books", 1, 11, .wrongType),
  BadInput("[]", "", 1, 1, .wrongType),
  BadInput("{\"books\": [\"a\"]}", "books[0]", 1, 12, .wrongType),
  BadInput("{\"books\": [{\"title\": 7}]}", "books[0].title", 1, 22, .wrongType),
  BadInput("{\"books\": [], \"notes\": {\"a\": 1.0}}", "notes.a", 1, 30, .wrongType),
  BadInput("{\"books\": [], \"notes\": {\"3\": true}}", "notes.3", 1, 30, .wrongType),
  BadInput(
    "{\"books\": [{\"title\": \"a\", \"pages\": 65536}]}", "books[0].pages", 1, 36,
    .invalidValue("the number does not fit into UInt16")),
  BadInput(
    "{\"books\": [{\"title\": \"a\", \"pages\": -1}]}", "books[0].pages", 1, 36,
    .invalidValue("the number does not fit into UInt16")),
]

@Suite struct BadInputTests {
  @Test("a bad input is refused at its exact place", arguments: syntax + text + meaning)
  fileprivate func refusedAtItsPlace(_ bad: BadInput) throws {
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode(Shelf.self, from: bad.json)
    }
    #expect(fault.place == bad.place)
    #expect(fault.line == bad.line)
    #expect(fault.column == bad.column)
    #expect(fault.reason == bad.reason)
  }

  @Test("depth is limited where the level too many opens")
  func depth() throws {
    let limits = StrictJSON.Limits(depth: 3)
    let three = try StrictJSON.decode([[[Int]]].self, from: Array("[[[1]]]".utf8), limits: limits)
    #expect(three == [[[1]]])
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode([[[[Int]]]].self, from: Array("[[[[1]]]]".utf8), limits: limits)
    }
    #expect(fault == JSONFault(place: "[0][0][0]", line: 1, column: 4, reason: .tooDeep))
  }

  @Test("a hundred thousand brackets end in a fault, not in a crash")
  func deepBomb() throws {
    let bomb = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode([Int].self, from: bomb, limits: .init(depth: 100_000))
    }
    #expect(fault.reason == .tooDeep)
  }

  @Test("one byte more than allowed is too large")
  func size() throws {
    let json = Array("[1]".utf8)
    #expect(try StrictJSON.decode([Int].self, from: json, limits: .init(bytes: 3)) == [1])
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode([Int].self, from: json, limits: .init(bytes: 2))
    }
    #expect(fault.reason == .tooLarge)
  }

  @Test("a doubled key is found among many keys")
  func manyKeys() throws {
    let members = (0..<500).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let whole = try StrictJSON.decode([String: Int].self, from: Array("{\(members)}".utf8))
    #expect(whole.count == 500 && whole["k499"] == 499)
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode([String: Int].self, from: Array("{\(members),\"k7\":1}".utf8))
    }
    #expect(fault.place == "k7" && fault.reason == .doubledKey)
  }

  @Test("a fault reads as one English line")
  func line() throws {
    let fault = JSONFault(
      place: "matters[3].colour", line: 3, column: 7, reason: .unknownKey)
    #expect(
      fault.description == "line 3, column 7, at matters[3].colour: this key is not known here")
  }
}
