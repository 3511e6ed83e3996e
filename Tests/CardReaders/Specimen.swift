// SPDX-License-Identifier: Apache-2.0

import Records

/// Cards of invented people with published specimen numbers.
enum Specimen {
  static let numbers = ["11010519491231002X", "440524188001010014", "34052419800101001X"]

  static let first = Resident(
    name: "王样张", sex: "1", ethnicity: "01", birth: "19491231",
    address: "北京市朝阳区样张路1号", idNumber: numbers[0], issuer: "北京市公安局朝阳分局",
    validFrom: "20200101", validTo: "长期")

  static let second = Resident(
    name: "𠮷㼆·样张", sex: "2", ethnicity: "56", birth: "18800101",
    address: "广东省汕头市样张村二组 3-4号", idNumber: numbers[1], issuer: "汕头市公安局",
    validFrom: "20160229", validTo: "20360228")

  /// One of many people, told apart by every field that may differ.
  static func person(_ index: Int) -> Resident {
    let names = ["张样", "欧阳样张", "𠮷样", "㼆样张", "阿依古丽·样张", "李𠀀", "赵样张"]
    var person = index % 2 == 0 ? first : second
    person.name = names[index % names.count] + String(repeating: "甲", count: index % 3)
    person.idNumber = numbers[index % numbers.count]
    person.address = "江苏省苏州市样张街道\(index)号"
    person.sex = ["0", "1", "2", "9"][index % 4]
    return person
  }

  static let permit = Resident(
    document: .residencePermit, name: "陈样张", sex: "1", birth: "19940823",
    address: "广东省广州市样张路3号", idNumber: "810000199408230021", issuer: "广州市公安局",
    validFrom: "20190901", validTo: "20240831", passNumber: "H12345678", issueCount: "01")

  static let foreigner2017 = Resident(
    document: .permanentResidence2017, name: "史密斯·样张", nameEnglish: "SMITH, SPECIMEN JOHN",
    sex: "2", nationality: "GBR", birth: "19810803", idNumber: "GBR310081080301",
    issuer: "1500", validFrom: "20170601", validTo: "20270531")

  static let foreigner2023 = Resident(
    document: .permanentResidence2023, name: "安·样张",
    nameEnglish: "SPECIMENHOLDERWITHAVERYLONGFAMILYN AME, ANN", sex: "2", nationality: "CAN",
    birth: "19810803", idNumber: "911124198108030024", validFrom: "20231201",
    validTo: "20331130", issueCount: "02")

  static let all = [first, second, permit, foreigner2017, foreigner2023]

  /// The 256 bytes that a card says of `person`, padded with spaces; each layout written
  /// down here a second time, field by field in the order of the card.
  static func block(_ person: Resident, letter: UInt16? = nil) -> [UInt8] {
    var units: [UInt16] = []
    for (text, size) in fields(person) {
      let letters = Array((text ?? "").utf16.prefix(size))
      units += letters + [UInt16](repeating: 0x20, count: size - letters.count)
    }
    let letters = ["resident": " ", "J": "J", "I": "I", "Y": "Y"]
    units[124] = letter ?? letters[person.document.rawValue]?.utf16.first ?? 0
    return units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  private static func fields(_ person: Resident) -> [(String?, Int)] {
    let head: [(String?, Int)] = [(person.name, 15), (person.sex, 1)]
    let printed: [(String?, Int)] = [
      (person.birth, 8), (person.address, 35), (person.idNumber, 18), (person.issuer, 15),
      (person.validFrom, 8), (person.validTo, 8),
    ]
    let english = Array((person.nameEnglish ?? "").utf16)
    switch person.document {
    case .residentCard: return head + [(person.ethnicity, 2)] + printed + [("", 18)]
    case .residencePermit:
      return head + [("", 2)] + printed
        + [(person.passNumber, 9), (person.issueCount, 2), ("", 7)]
    case .permanentResidence2017:
      return [
        (person.nameEnglish, 60), (person.sex, 1), (person.idNumber, 15), (person.nationality, 3),
        (person.name, 15), (person.validFrom, 8), (person.validTo, 8), (person.birth, 8),
        ("01", 2), (person.issuer, 4), ("", 4),
      ]
    case .permanentResidence2023:
      return head + [
        (person.issueCount, 2), (person.birth, 8),
        (String(decoding: english.prefix(35), as: UTF16.self), 35), (person.idNumber, 18), ("", 15),
        (person.validFrom, 8), (person.validTo, 8),
        (String(decoding: english.dropFirst(35), as: UTF16.self), 11), (person.nationality, 3),
        ("", 1), ("A07", 3),
      ]
    // No card says that it is one.
    case .heldCode: return []
    }
  }

  /// The data of a read: lengths, text, and a photo that is none.
  static func readData(_ block: [UInt8]) -> [UInt8] {
    [0x01, 0x00, 0x04, 0x00] + block + photo
  }

  /// The same with so many bytes of fingerprints, as the answer to 30 10 has them.
  static func readData(_ block: [UInt8], fingerprints: Int) -> [UInt8] {
    let prints = (0..<fingerprints).map { UInt8(truncatingIfNeeded: 0x43 &+ $0) }
    return [1, 0, 4, 0, UInt8(fingerprints >> 8), 0] + block + photo + prints
  }

  static let photo = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 7) }
}

/// Bytes from hexadecimal text; spaces are passed over.
func hex(_ text: String) -> [UInt8] {
  let digits = text.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] * 16 + digits[$0 + 1])
  }
}

/// A reply frame, made without the driver's own code.
func frame(_ status: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
  let length = status.count + data.count + 1
  let body = [UInt8(length >> 8), UInt8(length & 0xFF)] + status + data
  return [0xAA, 0xAA, 0xAA, 0x96, 0x69] + body + [body.reduce(0, ^)]
}

/// Bytes by chance that are the same in each run.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  mutating func next() -> UInt8 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
}
