// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

private let sample = "32050700A72026112100033K"

@Suite struct CaseNumberTests {
  @Test(
    "the check character is that of published samples",
    arguments: [
      // The GRid of IFPI's handbook.
      ("A12425GABC1234002", "M"),
      // An electronic certificate id, GB/T 36904, without its dots.
      ("11100000000013338W01111430000006122244L20230000403001", "U"),
      // The sample of the offline slip.
      ("32050700A72026112100033", "K"),
    ])
  func vectors(body: String, check: String) throws {
    let character = try #require(CheckCharacter.of(body.utf8))
    #expect(String(Unicode.Scalar(character)) == check)
  }

  @Test("small letters and signs have no check character")
  func alphabet() {
    #expect(CheckCharacter.of("12a".utf8) == nil)
    #expect(CheckCharacter.of("1-2".utf8) == nil)
  }

  @Test("a number is written, grouped and read back")
  func roundTrip() throws {
    let allotment = try #require(Allotment("00A7"))
    let day = try #require(Day(digits: "20261121"))
    let number = try #require(
      CaseNumber(area: "320507", allotment: allotment, day: day, sequence: 33))
    #expect(number.description == sample)
    #expect(number.grouped == "320507-00A7-20261121-00033-K")
    #expect(CaseNumber(number.grouped) == number)
    #expect(CaseNumber(" 320507 00a7 20261121 00033 k ") == number)
  }

  @Test("every wrong character is found")
  func wrongCharacters() {
    let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let characters = Array(sample)
    for position in characters.indices {
      for other in alphabet where other != characters[position] {
        var wrong = characters
        wrong[position] = other
        #expect(CaseNumber(String(wrong)) == nil, "\(String(wrong)) passed")
      }
    }
  }

  @Test("every swap of neighbours is found")
  func swaps() {
    let characters = Array(sample)
    for position in characters.indices.dropLast()
    where characters[position] != characters[position + 1] {
      var wrong = characters
      wrong.swapAt(position, position + 1)
      #expect(CaseNumber(String(wrong)) == nil, "\(String(wrong)) passed")
    }
  }

  @Test("what cannot be a number is not made into one")
  func bounds() throws {
    let allotment = try #require(Allotment("ZZZZ"))
    let day = Day(year: 2026, month: 1, day: 1)
    func make(_ area: String, _ sequence: Int) -> CaseNumber? {
      CaseNumber(area: area, allotment: allotment, day: day, sequence: sequence)
    }
    #expect(make("320507", 1) != nil)
    #expect(make("320507", 99_999) != nil)
    #expect(make("320507", 0) == nil)
    #expect(make("320507", 100_000) == nil)
    #expect(make("32050", 1) == nil)
    #expect(make("32050７", 1) == nil)
    #expect(Allotment("00a7") == nil)
    #expect(Allotment("00A71") == nil)
  }

  @Test("a day that does not exist makes no number, whatever its check character")
  func unrealDay() throws {
    let body = "32050700A72026023000033"
    let check = try #require(CheckCharacter.of(body.utf8))
    #expect(CaseNumber(body + String(Unicode.Scalar(check))) == nil)
  }
}

@Suite struct ClaimCodeTests {
  @Test("forty bits become eight characters, first bit first")
  func chance() {
    #expect(ClaimCode(chance: [0, 0, 0, 0, 0]).text == "00000000")
    #expect(ClaimCode(chance: [255, 255, 255, 255, 255]).text == "ZZZZZZZZ")
    #expect(ClaimCode(chance: [0b00001_000, 0b10_00011_0, 0, 0, 0]).text == "12300000")
    #expect(ClaimCode(chance: [0, 0, 0, 0, 31]).text == "0000000Z")
  }

  @Test("a code is read as people write it")
  func forgiving() throws {
    let code = try #require(ClaimCode("7KQ4-M2XD"))
    #expect(code.grouped == "7KQ4-M2XD")
    #expect(ClaimCode("7kq4 m2xd") == code)
    #expect(ClaimCode("oil0-0000")?.text == "01100000")
  }

  @Test("what is not a code is refused", arguments: ["", "7KQ4-M2X", "7KQ4-M2XDD", "7KQ4-M2XU", "七KQ4-M2XD"])
  func refused(text: String) {
    #expect(ClaimCode(text) == nil)
  }
}
