// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import CardReaders

@Suite("The text of a resident card")
struct ResidentCardTests {
  @Test("every field is what the card says", arguments: [Specimen.first, Specimen.second])
  func fields(person: Resident) throws {
    #expect(try ResidentCard.decode(Specimen.block(person)) == person)
  }

  @Test("fields filled to their last character are whole")
  func full() throws {
    var person = Specimen.first
    person.name = String(repeating: "甲", count: 13) + "𠮷"
    person.address = String(repeating: "乙", count: 35)
    person.issuer = String(repeating: "丙", count: 15)
    #expect(try ResidentCard.decode(Specimen.block(person)) == person)
  }

  @Test("NULs are padding too, a space within a field stays")
  func padding() throws {
    var block = Specimen.block(Specimen.second)
    for place in stride(from: 0, to: 256, by: 2) where block[place] == 0x20 && place > 220 {
      block[place] = 0
    }
    block.replaceSubrange(24..<30, with: [UInt8](repeating: 0, count: 6))
    #expect(try ResidentCard.decode(block) == Specimen.second)
    #expect(Specimen.second.address?.contains(" ") == true)
  }

  @Test(
    "cards of other kinds are named, not read",
    arguments: [
      (UInt16(0x4A), CardKind.residencePermit), (0x49, .permanentResidence2017),
      (0x59, .permanentResidence2023), (0x5A, .unknown),
    ])
  func kinds(letter: UInt16, kind: CardKind) {
    #expect(throws: CardFault.kind(kind)) {
      try ResidentCard.decode(Specimen.block(Specimen.first, kind: letter))
    }
  }

  @Test(
    "broken UTF-16 and unwritable characters are faults",
    arguments: [
      UInt16(0xD842), 0xDFB7, 0x0009, 0x000A, 0x001B, 0x007F, 0x0085, 0x2028, 0x202E, 0xFEFF,
      0xFFFE, 0xFFFF,
    ])
  func unwritable(unit: UInt16) {
    var block = Specimen.block(Specimen.first)
    block[2] = UInt8(unit & 0xFF)
    block[3] = UInt8(unit >> 8)
    #expect(throws: CardFault.text(.name)) { try ResidentCard.decode(block) }
  }

  @Test("a NUL within a field is a fault")
  func innerNUL() {
    var block = Specimen.block(Specimen.first)
    block.replaceSubrange(2..<4, with: [0, 0])
    #expect(throws: CardFault.text(.name)) { try ResidentCard.decode(block) }
  }

  static let wrong: [(CardField, String)] = [
    (.name, " "), (.sex, "3"), (.sex, "男"), (.ethnicity, "00"), (.ethnicity, "57"),
    (.ethnicity, "1"), (.birth, "19491301"), (.birth, "19490229"), (.birth, "1949123"),
    (.birth, "１９４９"), (.idNumber, "110105194912310021"), (.idNumber, "11010519491231002"),
    (.idNumber, "1101051949123１002X"), (.validFrom, "长期"), (.validTo, "永久"),
    (.validTo, "20200230"), (.validTo, ""),
  ]

  @Test("a value that cannot stand in its field is a fault of that field", arguments: wrong)
  func values(field: CardField, text: String) {
    var block = Specimen.block(Specimen.first)
    let units = Array(text.utf16) + [UInt16](repeating: 0x20, count: field.place.count / 2)
    for (index, place) in stride(from: field.place.lowerBound, to: field.place.upperBound, by: 2)
      .enumerated()
    {
      block[place] = UInt8(units[index] & 0xFF)
      block[place + 1] = UInt8(units[index] >> 8)
    }
    #expect(throws: CardFault.value(field)) { try ResidentCard.decode(block) }
  }

  @Test("published specimen numbers are right, published wrong ones are not")
  func idNumbers() throws {
    for number in Specimen.numbers {
      var person = Specimen.first
      person.idNumber = number
      #expect(try ResidentCard.decode(Specimen.block(person)).idNumber == number)
    }
    var person = Specimen.first
    person.idNumber = "36042619910102009X"
    #expect(throws: CardFault.value(.idNumber)) {
      try ResidentCard.decode(Specimen.block(person))
    }
  }

  @Test("a read with wrong inner lengths has no text")
  func innerLengths() throws {
    let block = Specimen.block(Specimen.first)
    let good = Specimen.readData(block)
    #expect(try ResidentCard.textBlock(ofRead: good) == block)
    #expect(try ResidentCard.textBlock(ofRead: [1, 0, 0, 0] + block) == block)
    let rest = good[4...]
    let wrongs: [[UInt8]] = [[], [1, 0, 4], hex("00FF0400") + rest, hex("01000401") + rest]
    for wrong in wrongs {
      #expect(throws: CardFault.length) { try ResidentCard.textBlock(ofRead: wrong) }
    }
    #expect(throws: CardFault.length) { try ResidentCard.decode(Array(block.dropLast())) }
  }

  @Test("the newest address takes the place of the one in the text block")
  func newestAddress() throws {
    let data = Specimen.readData(Specimen.block(Specimen.first))
    var moved = Specimen.first
    moved.address = "江苏省苏州市样张街道𠮷巷2号"
    let added = Array(Specimen.block(moved)[52..<122])
    #expect(try ResidentCard.resident(ofRead: data, newestAddress: added) == moved)
    #expect(try ResidentCard.resident(ofRead: data, newestAddress: nil) == Specimen.first)
    let blank = [UInt8](repeating: 0, count: 70)
    #expect(try ResidentCard.resident(ofRead: data, newestAddress: blank) == Specimen.first)
    #expect(throws: CardFault.length) {
      try ResidentCard.resident(ofRead: data, newestAddress: [0x20, 0])
    }
  }
}
