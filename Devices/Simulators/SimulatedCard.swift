// SPDX-License-Identifier: Apache-2.0

/// A resident identity card as the reader's antenna sees it: the text fields of
/// GA/T 490 (resident layout), and a made-up photo. Persons are invented.
public struct SimulatedCard: Hashable, Sendable {
  public var name: String
  /// 1 male, 2 female.
  public var sex: String
  /// Two digits, `01` is 汉.
  public var ethnicity: String
  /// YYYYMMDD.
  public var birth: String
  public var address: String
  public var idNumber: String
  public var issuer: String
  /// YYYYMMDD.
  public var validFrom: String
  /// YYYYMMDD or 长期.
  public var validTo: String
  /// The latest address written to the card later on; most cards have none.
  public var additionalAddress: String?

  public init(
    name: String, sex: String, ethnicity: String, birth: String, address: String,
    idNumber: String, issuer: String, validFrom: String, validTo: String,
    additionalAddress: String? = nil
  ) {
    self.name = name
    self.sex = sex
    self.ethnicity = ethnicity
    self.birth = birth
    self.address = address
    self.idNumber = idNumber
    self.issuer = issuer
    self.validFrom = validFrom
    self.validTo = validTo
    self.additionalAddress = additionalAddress
  }

  /// Names of the fields that are longer than their place on the card.
  public var tooLong: [String] {
    let added = additionalAddress.map { [("additionalAddress", $0, 35)] } ?? []
    return (fields + added).filter { $0.1.utf16.count > $0.2 }.map { $0.0 }
  }

  /// 256 bytes, UTF-16LE, each field padded with spaces.
  var textBlock: [UInt8] {
    fields.flatMap { Self.padded($0.1, units: $0.2) } + Self.padded("", units: 18)
  }

  /// 70 bytes, or nil where the card has no such item.
  var additionalAddressBlock: [UInt8]? {
    additionalAddress.map { Self.padded($0, units: 35) }
  }

  /// 1,024 bytes: the head that public dumps show (`WLf`, 102 × 126), then noise that
  /// depends on the id number alone. It is not a picture of anybody.
  var photoBlock: [UInt8] {
    var state = idNumber.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    let head: [UInt8] = [0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00]
    return head
      + (head.count..<1024).map { _ in
        state = state &* 1_664_525 &+ 1_013_904_223
        return UInt8(truncatingIfNeeded: state >> 24)
      }
  }

  /// Name, value and width in UTF-16 units, in the order on the card.
  private var fields: [(String, String, Int)] {
    [
      ("name", name, 15), ("sex", sex, 1), ("ethnicity", ethnicity, 2), ("birth", birth, 8),
      ("address", address, 35), ("idNumber", idNumber, 18), ("issuer", issuer, 15),
      ("validFrom", validFrom, 8), ("validTo", validTo, 8),
    ]
  }

  private static func padded(_ text: String, units: Int) -> [UInt8] {
    let kept = text.utf16.prefix(units)
    return (kept + Array(repeating: 0x0020, count: units - kept.count))
      .flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }
}
