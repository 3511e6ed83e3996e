// SPDX-License-Identifier: Apache-2.0

import Matters
import Testing

@Suite struct PatternTests {
  @Test(
    "a text fits as a whole or stops at a place",
    arguments: [
      ("^1[3-9][0-9]{9}$", "13812345678", Pattern.Outcome.whole),
      ("^1[3-9][0-9]{9}$", "12812345678", .stops(at: 1)),
      ("^1[3-9][0-9]{9}$", "138123456", .unfinished),
      ("^1[3-9][0-9]{9}$", "138123456789", .stops(at: 11)),
      ("^[0-9]{4}(0[1-9]|1[0-2])$", "202612", .whole),
      ("^[0-9]{4}(0[1-9]|1[0-2])$", "202613", .stops(at: 5)),
      ("^[0-9]+(\\.[0-9]+)?[x×][0-9]+$", "3.5×20", .whole),
      ("^[0-9]+(\\.[0-9]+)?[x×][0-9]+$", "3.×20", .stops(at: 2)),
      ("^[㐀-鿿𠀀-𲎯·A-Za-z ]+$", "𠮷㼆·阿卜杜拉", .whole),
      ("^[㐀-鿿𠀀-𲎯·A-Za-z ]+$", "王1", .stops(at: 1)),
      ("^[A-Za-z0-9 .,&()'-]+$", "Smith-Jones (Ltd.)", .whole),
      ("^[0-9]{2,3}$", "12", .whole),
      ("^[0-9]{2,3}$", "1234", .stops(at: 3)),
      ("^a*b?$", "", .whole),
      ("^(ab|cd)*$", "abcdab", .whole),
      ("^(ab|cd)*$", "abc", .unfinished),
    ])
  func fits(pattern: String, text: String, outcome: Pattern.Outcome) throws {
    #expect(try Pattern(pattern).match(text) == outcome)
  }

  @Test(
    "what is not of the grammar is refused",
    arguments: [
      ("[0-9]+", 0), ("^[0-9]+", 7), ("^a|b$", 2), ("^\\d$", 2), ("^(a$", 3), ("^a{2,$", 5),
      ("^a{3,2}$", 6), ("^a{1001}$", 7), ("^[^a]$", 2), ("^[]$", 2), ("^[z-a]$", 5), ("^.$", 1),
      ("^(?:a)$", 2), ("^*$", 1), ("^a$b$", 2), ("^a+?$", 3), ("^[[a]]$", 2),
    ])
  func refused(pattern: String, position: Int) throws {
    let fault = try #require(throws: Pattern.Fault.self) { try Pattern(pattern) }
    #expect(fault.position == position, "\(fault.sentence)")
  }

  @Test("a pattern that repeats repeats is refused before it grows")
  func growth() throws {
    #expect(throws: Pattern.Fault.self) { try Pattern("^(((a{1000}){1000}){1000})$") }
  }

  @Test("nested repeats cost no more than the text is long")
  func linear() throws {
    let pattern = try Pattern("^(a+)+$")
    #expect(pattern.match(String(repeating: "a", count: 20_000) + "!") == .stops(at: 20_000))
  }
}
