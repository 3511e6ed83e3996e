// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import CardReaders

private func holder(_ block: [UInt8]) throws(CardFault) -> Resident {
  try CardText(block).resident()
}

/// `block` with `text` in one of its fields.
private func changed(
  _ person: Resident, _ field: CardField, _ text: String
) -> [UInt8] {
  var block = Specimen.block(person)
  let places = (person.document.places[field] ?? []).flatMap {
    stride(from: $0.lowerBound, to: $0.upperBound, by: 2)
  }
  let units = Array(text.utf16) + [UInt16](repeating: 0x20, count: places.count)
  for (index, place) in places.enumerated() {
    block[place] = UInt8(units[index] & 0xFF)
    block[place + 1] = UInt8(units[index] >> 8)
  }
  return block
}

@Suite("The text of identity documents")
struct CardTextTests {
  @Test("every field is what the card says, and what its kind lacks is absent", arguments: Specimen.all)
  func fields(person: Resident) throws {
    #expect(try holder(Specimen.block(person)) == person)
  }

  @Test("the fields of a kind do not overlap and end within the block", arguments: Resident.Document.allCases)
  func layout(document: Resident.Document) {
    var taken = Set<Int>()
    for place in document.places.values.joined() {
      #expect(place.upperBound <= 248 && place.count.isMultiple(of: 2))
      #expect(taken.isDisjoint(with: place))
      taken.formUnion(place)
    }
  }

  @Test("a foreigner without a name in Chinese goes by her other one")
  func noChineseName() throws {
    for person in [Specimen.foreigner2017, Specimen.foreigner2023] {
      let resident = try holder(changed(person, .name, ""))
      #expect(resident.name == person.nameEnglish && resident.nameEnglish == person.nameEnglish)
      #expect(try CardText(changed(person, .name, "")).shown(.name) == nil)
    }
  }

  @Test("fields filled to their last character are whole")
  func full() throws {
    var person = Specimen.first
    person.name = String(repeating: "甲", count: 13) + "𠮷"
    person.address = String(repeating: "乙", count: 35)
    person.issuer = String(repeating: "丙", count: 15)
    #expect(try holder(Specimen.block(person)) == person)
    var foreigner = Specimen.foreigner2023
    foreigner.nameEnglish = String(repeating: "N", count: 46)
    #expect(try holder(Specimen.block(foreigner)) == foreigner)
  }

  @Test("NULs are padding too, a space within a field stays")
  func padding() throws {
    var block = Specimen.block(Specimen.second)
    for place in stride(from: 0, to: 256, by: 2) where block[place] == 0x20 && place > 220 {
      block[place] = 0
    }
    block.replaceSubrange(24..<30, with: [UInt8](repeating: 0, count: 6))
    #expect(try holder(block) == Specimen.second)
    #expect(Specimen.second.address?.contains(" ") == true)
  }

  @Test("a letter that no list names is a kind of its own, and nobody's card")
  func unknownKind() throws {
    let text = try CardText(Specimen.block(Specimen.first, letter: 0x5A))
    #expect(text.document == nil && text.shown(.name) == nil)
    #expect(throws: CardFault.kind) { try text.resident() }
  }

  @Test(
    "broken UTF-16 and unwritable characters are faults, and shown as such",
    arguments: [
      UInt16(0xD842), 0xDFB7, 0x0000, 0x0009, 0x000A, 0x001B, 0x007F, 0x0085, 0x2028, 0x202E,
      0xFEFF, 0xFFFE, 0xFFFF,
    ])
  func unwritable(unit: UInt16) throws {
    var block = Specimen.block(Specimen.first)
    block[2] = UInt8(unit & 0xFF)
    block[3] = UInt8(unit >> 8)
    #expect(throws: CardFault.text(.name)) { try holder(block) }
    #expect(try CardText(block).shown(.name) == "王\u{FFFD}张")
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
    #expect(throws: CardFault.value(field)) { try holder(changed(Specimen.first, field, text)) }
  }

  static let foreign: [(Resident, CardField, String)] = [
    (Specimen.permit, .idNumber, "810000199408230022"), (Specimen.permit, .validTo, "2024"),
    (Specimen.foreigner2017, .idNumber, "GBR31008108030"),
    (Specimen.foreigner2017, .idNumber, "GB1310081080301"),
    (Specimen.foreigner2017, .nationality, "gbr"), (Specimen.foreigner2017, .birth, "1981"),
    (Specimen.foreigner2023, .idNumber, "932682198501010018"),
    (Specimen.foreigner2023, .nationality, ""), (Specimen.foreigner2023, .sex, ""),
  ]

  @Test("the same on the documents of others", arguments: foreign)
  func foreignValues(person: Resident, field: CardField, text: String) {
    #expect(throws: CardFault.value(field)) { try holder(changed(person, field, text)) }
  }

  @Test("published specimen numbers are right, published wrong ones are not")
  func idNumbers() throws {
    for number in Specimen.numbers {
      var person = Specimen.first
      person.idNumber = number
      #expect(try holder(Specimen.block(person)).idNumber == number)
    }
    for number in ["830000199201300022", "932682198501010017"] {
      var person = number.hasPrefix("9") ? Specimen.foreigner2023 : Specimen.permit
      person.idNumber = number
      #expect(try holder(Specimen.block(person)).idNumber == number)
    }
    var person = Specimen.first
    person.idNumber = "36042619910102009X"
    #expect(throws: CardFault.value(.idNumber)) {
      try holder(Specimen.block(person))
    }
  }

  @Test("any bytes at all make a holder or a fault, never a crash", arguments: 0..<8)
  func anyBytes(seed: Int) {
    var noise = Noise(seed: UInt64(seed))
    for _ in 0..<500 {
      let block = (0..<256).map { _ in noise.next() }
      guard let text = try? CardText(block) else { continue }
      _ = try? text.resident()
      for field in CardField.allCases { _ = text.shown(field) }
    }
  }
}

@Suite("The data of a read")
struct CardRecordTests {
  private let block = Specimen.block(Specimen.first)

  @Test("fingerprints are counted and dropped, in answers of each size")
  func fingerprints() throws {
    #expect(frame([0, 0, 0x90], Specimen.readData(block)).count == 1295)
    #expect(try CardRecord(Specimen.readData(block)).fingerprintBytes == nil)
    for (count, size) in [(0, 1297), (512, 1809), (1024, 2321)] {
      let data = Specimen.readData(block, fingerprints: count)
      #expect(frame([0, 0, 0x90], data).count == size)
      let record = try CardRecord(data)
      #expect(record.fingerprintBytes == count)
      #expect(record.photo == Specimen.photo)
      #expect(try record.resident() == Specimen.first)
    }
  }

  @Test("a read with wrong inner lengths is none")
  func innerLengths() throws {
    let good = Specimen.readData(block)
    #expect(try CardRecord(good).photo == Specimen.photo)
    #expect(try CardRecord([1, 0, 0, 0] + block).photo.isEmpty)
    let rest = Array(good[4...])
    let prints = Array(Specimen.readData(block, fingerprints: 512)[6...])
    let wrongs: [[UInt8]] = [
      [], [1, 0, 4], hex("00FF0400") + rest, hex("01000401") + rest, hex("01000400") + rest.dropLast(),
      hex("010004000100") + prints, hex("010004000400") + prints, hex("010008000000") + rest,
      hex("FFFFFFFF") + rest, Specimen.readData(block, fingerprints: 256),
    ]
    for wrong in wrongs {
      #expect(throws: CardFault.length) { try CardRecord(wrong) }
    }
    #expect(throws: CardFault.length) { try CardText(Array(block.dropLast())) }
  }

  @Test("the newest address takes the place of the one in the text block")
  func newestAddress() throws {
    let record = try CardRecord(Specimen.readData(block))
    var moved = Specimen.first
    moved.address = "江苏省苏州市样张街道𠮷巷2号"
    let added = Array(Specimen.block(moved)[52..<122])
    #expect(try record.resident(newestAddress: added) == moved)
    #expect(CardText.shown(address: added) == moved.address)
    #expect(try record.resident() == Specimen.first)
    let blank = [UInt8](repeating: 0, count: 70)
    #expect(try record.resident(newestAddress: blank) == Specimen.first)
    #expect(throws: CardFault.length) { try record.resident(newestAddress: [0x20, 0]) }
    let foreigner = try CardRecord(Specimen.readData(Specimen.block(Specimen.foreigner2023)))
    #expect(try foreigner.resident(newestAddress: added).address == nil)
  }
}

@Suite("The number of a security module")
struct ModuleNumberTests {
  @Test("the published example is read as it is printed, and only sixteen bytes are one")
  func published() {
    let data = hex("05000100 09B83201 05BE1200 ADC5B111")
    #expect(ModuleNumber(data)?.description == "05.01-20101129-0001228293-0296863149")
    #expect(ModuleNumber(Array(data.dropLast())) == nil && ModuleNumber(data + [0]) == nil)
    #expect(
      ModuleNumber([UInt8](repeating: 0xFF, count: 16))?.description
        == "65535.65535-4294967295-4294967295-4294967295")
  }
}
