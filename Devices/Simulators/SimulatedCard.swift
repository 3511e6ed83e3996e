// SPDX-License-Identifier: Apache-2.0

/// An identity document as the reader's antenna sees it: the text fields of GA/T 490 and of
/// its siblings for other people, and a made-up photo. Persons are invented.
public struct SimulatedCard: Hashable, Sendable {
  /// Which layout its text has; the letters are the cards' own.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    case resident
    /// Residence permit for people of Hong Kong, Macau and Taiwan (2018).
    case permit = "J"
    /// Permanent residence card for foreigners of 2017, and of 2023.
    case foreigner2017 = "I"
    case foreigner2023 = "Y"
  }

  public var kind: Kind
  public var name: String
  /// In Latin letters; foreigners only.
  public var nameEnglish: String
  /// 1 male, 2 female.
  public var sex: String
  /// Three letters; foreigners only.
  public var nationality: String
  /// Two digits, `01` is 汉; residents only.
  public var ethnicity: String
  /// YYYYMMDD.
  public var birth: String
  /// Not of foreigners.
  public var address: String
  public var idNumber: String
  /// A name; for `I` four characters, for `Y` nothing.
  public var issuer: String
  /// YYYYMMDD.
  public var validFrom: String
  /// YYYYMMDD or 长期.
  public var validTo: String
  /// The travel permit's number; `J` only.
  public var passNumber: String
  /// Two digits; `J` and `Y`.
  public var issueCount: String
  /// The latest address written to the card later on; most cards have none.
  public var additionalAddress: String?

  public init(
    kind: Kind = .resident, name: String, nameEnglish: String = "", sex: String,
    nationality: String = "", ethnicity: String = "", birth: String, address: String = "",
    idNumber: String, issuer: String = "", validFrom: String, validTo: String,
    passNumber: String = "", issueCount: String = "", additionalAddress: String? = nil
  ) {
    self.kind = kind
    self.name = name
    self.nameEnglish = nameEnglish
    self.sex = sex
    self.nationality = nationality
    self.ethnicity = ethnicity
    self.birth = birth
    self.address = address
    self.idNumber = idNumber
    self.issuer = issuer
    self.validFrom = validFrom
    self.validTo = validTo
    self.passNumber = passNumber
    self.issueCount = issueCount
    self.additionalAddress = additionalAddress
  }

  /// Names of the fields that are longer than their place on the card.
  public var tooLong: [String] {
    let added = additionalAddress.map { [("additionalAddress", $0, 35)] } ?? []
    return (fields + added).filter { $0.1.utf16.count > $0.2 }.map { $0.0 }
  }

  /// 256 bytes, UTF-16LE, each field padded with spaces.
  var textBlock: [UInt8] {
    fields.flatMap { Self.padded($0.1, units: $0.2) }
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

  private typealias Field = (name: String, text: String, units: Int)

  /// Name, value and width in UTF-16 units, in the order on the card; fillers have no name.
  private var fields: [Field] {
    switch kind {
    case .resident:
      [("name", name, 15), ("sex", sex, 1), ("ethnicity", ethnicity, 2)] + printed + [("", "", 18)]
    case .permit:
      [("name", name, 15), ("sex", sex, 1), ("", "", 2)] + printed
        + [("passNumber", passNumber, 9), ("issueCount", issueCount, 2), ("", "   J", 7)]
    case .foreigner2017:
      [
        ("nameEnglish", nameEnglish, 60), ("sex", sex, 1), ("idNumber", idNumber, 15),
        ("nationality", nationality, 3), ("name", name, 15), ("validFrom", validFrom, 8),
        ("validTo", validTo, 8), ("birth", birth, 8), ("", "01", 2), ("issuer", issuer, 4),
        ("", "I", 4),
      ]
    case .foreigner2023: foreigner2023
    }
  }

  private var printed: [Field] {
    [
      ("birth", birth, 8), ("address", address, 35), ("idNumber", idNumber, 18),
      ("issuer", issuer, 15), ("validFrom", validFrom, 8), ("validTo", validTo, 8),
    ]
  }

  /// The English name goes on behind the dates where its first place is full.
  private var foreigner2023: [Field] {
    let english = Array(nameEnglish.utf16)
    return [
      ("name", name, 15), ("sex", sex, 1), ("issueCount", issueCount, 2), ("birth", birth, 8),
      ("", String(decoding: english.prefix(35), as: UTF16.self), 35), ("idNumber", idNumber, 18),
      ("", "", 15), ("validFrom", validFrom, 8), ("validTo", validTo, 8),
      ("nameEnglish", String(decoding: english.dropFirst(35), as: UTF16.self), 11),
      ("nationality", nationality, 3), ("", "YA07", 4),
    ]
  }

  private static func padded(_ text: String, units: Int) -> [UInt8] {
    let kept = text.utf16.prefix(units)
    return (kept + Array(repeating: 0x0020, count: units - kept.count))
      .flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }
}
