// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@Suite struct WordsTests {
  private let words = Words([
    "a": .init(zh: "还差 {missing} 位", en: "{missing} more, {missing} in all"),
    "b": .init(zh: "{", en: "{x} {y"),
  ])

  @Test("places are filled in, each time they stand there")
  func places() {
    #expect(words("a", .zh, ["missing": "2"]) == "还差 2 位")
    #expect(words("a", .en, ["missing": "2"]) == "2 more, 2 in all")
  }

  @Test("a place that nobody fills and a key that is not there show themselves")
  func holes() {
    #expect(words("a", .zh) == "还差 {missing} 位")
    #expect(words("c", .zh) == "⟦c⟧")
  }

  @Test("an open brace alone is a brace")
  func braces() {
    #expect(words("b", .zh) == "{")
    #expect(words("b", .en, ["x": "1"]) == "1 {y")
  }

  @Test("what is filled in is not read again")
  func noSecondReading() {
    #expect(words("a", .zh, ["missing": "{missing}"]) == "还差 {missing} 位")
  }

  @Test("signed sentences take the place of ours and leave the others")
  func overridden() {
    let others = words.overridden(by: ["a": .init(zh: "新", en: "new")])
    #expect(others("a", .en) == "new")
    #expect(others("b", .zh) == "{")
  }
}

@Suite struct MaskedTests {
  @Test("a name keeps its first character and hides its length")
  func name() {
    #expect(Masked.name("王小明") == "王*")
    #expect(Masked.name("𠮷") == "𠮷*")
    #expect(Masked.name("") == "")
  }

  @Test("a number keeps its ends, and nothing when it is too short for both")
  func middle() {
    #expect(Masked.middle("11010519491231002X", head: 4, tail: 4) == "1101**********002X")
    #expect(Masked.middle("1234", head: 2, tail: 2) == "****")
    #expect(Masked.middle("", head: 2, tail: 2) == "")
  }

  @Test("tail and address keep what a slip may say")
  func others() {
    #expect(Masked.tail("11010519491231002X") == "002X")
    #expect(Masked.address("江苏省苏州市姑苏区平江路1号") == "江苏省苏州市****")
  }
}

@Suite struct ProblemTests {
  @Test("a problem names its two sentences")
  func problem() {
    let problem = Problem(code: "reader.silent", severity: .wrong)
    #expect(problem.residentKey == "problem.reader.silent.resident")
    #expect(problem.staffKey == "problem.reader.silent.staff")
  }
}
