// SPDX-License-Identifier: Apache-2.0

/// Invented text for the fields of a card, with published specimen numbers, so that what is
/// scrubbed can still be decoded. Layouts of the text block: GA/T 490 and the vendors' sheet
/// "SAM 通信协议" (resident), the public layouts of 2018 (J), 2017 (I) and 2023 (Y).
enum InventedText {
  /// One field: place in the block, and the text that takes the place of what stood there,
  /// again and again until it is as long.
  struct Field {
    let offset: Int
    let length: Int
    let text: String
  }

  static let address = Field(offset: 0, length: 70, text: "江苏省苏州市样张街道")

  private static let resident = [
    Field(offset: 0, length: 30, text: "样张"), Field(offset: 30, length: 2, text: "1"),
    Field(offset: 32, length: 4, text: "01"), Field(offset: 36, length: 16, text: "19491231"),
    Field(offset: 52, length: 70, text: "江苏省苏州市样张街道"),
    Field(offset: 122, length: 36, text: "11010519491231002X"),
    Field(offset: 158, length: 30, text: "样张市公安局"),
    Field(offset: 188, length: 16, text: "20200101"), Field(offset: 204, length: 16, text: "20400101"),
  ]
  private static let permit = [
    Field(offset: 122, length: 36, text: "810000199408230021"),
    Field(offset: 36, length: 16, text: "19940823"),
    Field(offset: 220, length: 18, text: "H00000000"), Field(offset: 238, length: 4, text: "01"),
  ]
  private static let foreigner2017 = [
    Field(offset: 0, length: 120, text: "SPECIMEN, SAMPLE "), Field(offset: 120, length: 2, text: "1"),
    Field(offset: 122, length: 30, text: "XXX110100010101"), Field(offset: 152, length: 6, text: "XXX"),
    Field(offset: 158, length: 30, text: "样张"), Field(offset: 188, length: 16, text: "20170101"),
    Field(offset: 204, length: 16, text: "20270101"), Field(offset: 220, length: 16, text: "19810803"),
    Field(offset: 236, length: 4, text: "01"), Field(offset: 240, length: 8, text: "1500"),
  ]
  private static let foreigner2023 = [
    Field(offset: 0, length: 30, text: "样张"), Field(offset: 30, length: 2, text: "1"),
    Field(offset: 32, length: 4, text: "00"), Field(offset: 36, length: 16, text: "19810803"),
    Field(offset: 52, length: 70, text: "SPECIMEN, SAMPLE "),
    Field(offset: 122, length: 36, text: "911124198108030024"),
    Field(offset: 188, length: 16, text: "20240101"), Field(offset: 204, length: 16, text: "20340101"),
    Field(offset: 220, length: 22, text: "SPECIMEN"), Field(offset: 242, length: 6, text: "XXX"),
  ]

  /// The 256 bytes of a text block with nobody's data in them.
  static func scrubbed(_ block: [UInt8]) -> [UInt8] {
    let kind = unit(block, 248)
    let layout =
      switch kind {
      // As a resident's, without ethnicity and with two fields more.
      case 0x4A: resident.filter { field in !permit.contains { $0.offset == field.offset } } + permit
      case 0x49: foreigner2017
      case 0x59: foreigner2023
      default: resident
      }
    // What no field covers is not known to be harmless.
    var clean = block.indices.map { UInt8($0.isMultiple(of: 2) ? 0x20 : 0) }
    for field in layout {
      let place = field.offset..<field.offset + field.length
      clean.replaceSubrange(place, with: scrubbed(Array(block[place]), with: field))
    }
    if [0x4A, 0x49, 0x59].contains(kind) { clean.replaceSubrange(248..<250, with: block[248..<250]) }
    return clean
  }

  /// As many invented characters as there were; padding stays.
  static func scrubbed(_ bytes: [UInt8], with field: Field) -> [UInt8] {
    let letters = Array(field.text.utf16)
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { unit(bytes, $0) }
    let long = Array("长期".utf16)
    // Says nothing but that there is no end.
    let isOpenEnded = units.starts(with: long) && units.dropFirst(2).allSatisfy(isPadding)
    let end = units.lastIndex { !isPadding($0) }.map { $0 + 1 } ?? 0
    return units.indices.flatMap { index -> [UInt8] in
      let unit = index >= end || isOpenEnded ? units[index] : letters[index % letters.count]
      return [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
  }

  private static func isPadding(_ unit: UInt16) -> Bool { unit == 0x20 || unit == 0 }

  private static func unit(_ bytes: [UInt8], _ place: Int) -> UInt16 {
    UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
  }
}
