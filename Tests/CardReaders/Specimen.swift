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

  /// The 256 bytes that a card says of `person`, padded with spaces.
  static func block(_ person: Resident, kind: UInt16 = 0x20) -> [UInt8] {
    let fields = [
      (person.name, 15), (person.sex, 1), (person.ethnicity ?? "", 2), (person.birth, 8),
      (person.address ?? "", 35), (person.idNumber, 18), (person.issuer ?? "", 15), (person.validFrom, 8),
      (person.validTo, 8), ("", 18),
    ]
    var units: [UInt16] = []
    for (text, size) in fields {
      let letters = Array(text.utf16.prefix(size))
      units += letters + [UInt16](repeating: 0x20, count: size - letters.count)
    }
    units[124] = kind
    return units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  /// The data of a read: lengths, text, and a photo that is none.
  static func readData(_ block: [UInt8]) -> [UInt8] {
    [0x01, 0x00, 0x04, 0x00] + block + (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 7) }
  }
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
