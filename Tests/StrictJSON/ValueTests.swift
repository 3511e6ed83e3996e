// SPDX-License-Identifier: Apache-2.0

import StrictJSON
import Testing

private func decode<T: Decodable>(_ type: T.Type, _ json: String) throws(JSONFault) -> T {
  try StrictJSON.decode(type, from: Array(json.utf8))
}

private struct EvenNumber: Decodable, Equatable {
  struct Odd: Error {}
  var value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    value = try container.decode(Int.self)
    if value == 13 {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "bad luck")
    }
    guard value.isMultiple(of: 2) else { throw Odd() }
  }
}

private enum Shape: Codable, Equatable {
  case circle(radius: Double)
  case square(side: Double, turned: Bool)
}

private enum Colour: String, Codable { case red, green }

private enum Either: Decodable, Equatable {
  case flag(Bool)
  case text(String)
  case list([String])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([String].self))
    }
  }
}

private class Animal: Decodable {
  let legs: Int
}

private final class Dog: Animal {
  let name: String
  enum CodingKeys: String, CodingKey { case name, `super` }

  required init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    try super.init(from: container.superDecoder())
  }
}

private struct Grid: Decodable, Equatable {
  var corner: Int
  var last: [Int]
  enum CodingKeys: CodingKey { case rows }
  enum RowKeys: CodingKey { case cells }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    var rows = try container.nestedUnkeyedContainer(forKey: .rows)
    let first = try rows.nestedContainer(keyedBy: RowKeys.self)
    var cells = try first.nestedUnkeyedContainer(forKey: .cells)
    corner = try cells.decode(Int.self)
    var others = try rows.nestedUnkeyedContainer()
    last = []
    while !others.isAtEnd { last.append(try others.decodeNil() ? 0 : others.decode(Int.self)) }
  }
}

@Suite struct ValueTests {
  @Test("whole numbers are exact to the last digit")
  func wholeNumbers() throws {
    #expect(try decode(Int64.self, "9223372036854775807") == .max)
    #expect(try decode(Int64.self, "-9223372036854775808") == .min)
    #expect(try decode(UInt64.self, "18446744073709551615") == .max)
    #expect(try decode([Int].self, "[0, -0, 9007199254740993]") == [0, 0, 9_007_199_254_740_993])
    for tooLarge in ["9223372036854775808", "-9223372036854775809"] {
      let fault = try #require(throws: JSONFault.self) { try decode(Int64.self, tooLarge) }
      #expect(fault.reason == .invalidValue("the number does not fit into Int64"))
    }
  }

  @Test("fractions read as Double does, and overflow is a fault")
  func fractions() throws {
    #expect(try decode([Double].self, "[0.1, 1e3, -2.5E-3, 3]") == [0.1, 1000, -0.0025, 3])
    let fault = try #require(throws: JSONFault.self) { try decode(Double.self, "1e400") }
    #expect(fault.reason == .invalidValue("the number does not fit into Double"))
  }

  @Test("a number of five hundred digits is too large")
  func longNumber() throws {
    let long = String(repeating: "9", count: 500)
    let fault = try #require(throws: JSONFault.self) { try decode(Double.self, long) }
    #expect(fault.reason == .tooLarge)
  }

  @Test("escapes and rare characters come out whole")
  func strings() throws {
    #expect(
      try decode(String.self, #""a\"\\\/\b\f\n\r\tA\ud842\udfb7é""#)
        == "a\"\\/\u{8}\u{C}\n\r\tA𠮷é")
    #expect(try decode(String.self, "\"㼆𬱖😀\"") == "㼆𬱖😀")
    #expect(try decode(String.self, #""\u0000\uFFFF""#) == "\u{0}\u{FFFF}")
    #expect(try decode(String.self, "\"\"").isEmpty)
  }

  @Test("missing and null are nil where the type allows it")
  func optionals() throws {
    struct Pair: Decodable, Equatable {
      var a: Int?
      var b: String?
    }
    #expect(try decode(Pair.self, #"{"a": null}"#) == Pair(a: nil, b: nil))
    #expect(try decode(Pair.self, #"{"b": "x", "a": 1}"#) == Pair(a: 1, b: "x"))
    #expect(try decode([Int?].self, "[1, null]") == [1, nil])
    #expect(try decode(Int?.self, " null ") == nil)
  }

  @Test("what a type throws becomes an invalid value at its place")
  func thrown() throws {
    let named = try #require(throws: JSONFault.self) {
      try decode([String: [EvenNumber]].self, "{\"a\": [2,\n 13]}")
    }
    #expect(
      named
        == JSONFault(place: "a[1]", line: 2, column: 2, reason: .invalidValue("bad luck")))
    let other = try #require(throws: JSONFault.self) { try decode([EvenNumber].self, "[2, 3]") }
    #expect(other.place == "[1]" && other.column == 5)
    #expect(other.reason == .invalidValue("Odd()"))
  }

  @Test("an enum of words refuses other words at their place")
  func rawValues() throws {
    #expect(try decode([Colour].self, #"["red", "green"]"#) == [.red, .green])
    let fault = try #require(throws: JSONFault.self) {
      try decode([Colour].self, #"["red", "blue"]"#)
    }
    #expect(fault.place == "[1]" && fault.column == 9)
  }

  @Test("an enum with payload knows its keys")
  func shapes() throws {
    let json = #"[{"circle": {"radius": 1.5}}, {"square": {"side": 2, "turned": true}}]"#
    #expect(
      try decode([Shape].self, json) == [.circle(radius: 1.5), .square(side: 2, turned: true)])
    let fault = try #require(throws: JSONFault.self) {
      try decode(Shape.self, #"{"circle": {"radius": 1.5, "x": 0}}"#)
    }
    #expect(fault.place == "circle.x" && fault.reason == .unknownKey)
  }

  @Test("a type may try one form after another")
  func either() throws {
    #expect(
      try decode([Either].self, #"[true, "x", ["y"]]"#) == [.flag(true), .text("x"), .list(["y"])])
    let fault = try #require(throws: JSONFault.self) { try decode([Either].self, "[true, 5]") }
    #expect(fault.place == "[1]" && fault.reason == .wrongType)
  }

  @Test("a class finds its superclass under its key")
  func superclass() throws {
    let dog = try decode(Dog.self, #"{"name": "Rex", "super": {"legs": 4}}"#)
    #expect(dog.name == "Rex" && dog.legs == 4)
    let fault = try #require(throws: JSONFault.self) { try decode(Dog.self, #"{"name": "R"}"#) }
    #expect(fault.place == "super" && fault.reason == .missingKey)
  }

  @Test("nested containers count their elements")
  func nested() throws {
    let grid = try decode(Grid.self, #"{"rows": [{"cells": [7, 8]}, [1, null, 3]]}"#)
    #expect(grid.corner == 7 && grid.last == [1, 0, 3])
    let fault = try #require(throws: JSONFault.self) {
      try decode(Grid.self, #"{"rows": [{"cells": [7]}]}"#)
    }
    #expect(fault.place == "rows[1]" && fault.reason == .missingKey)
  }
}
