// SPDX-License-Identifier: Apache-2.0

/// What an identity document says of its holder. Kept in memory for one visit, sealed into
/// her filing, written nowhere else. A fact that her kind of document lacks is nil.
public struct Resident: Hashable, Sendable, Codable {
  /// The documents that the same readers read, and what stands for one. The letters are the
  /// cards' own.
  public enum Document: String, Hashable, Sendable, Codable, CaseIterable {
    /// 居民身份证 (GA/T 490).
    case residentCard = "resident"
    /// 港澳台居民居住证 of 2018: no ethnicity.
    case residencePermit = "J"
    /// 外国人永久居留身份证 of 2017: neither ethnicity nor address.
    case permanentResidence2017 = "I"
    /// 外国人永久居留身份证 of 2023: neither ethnicity, address nor issuer.
    case permanentResidence2023 = "Y"
    /// None: a code on her telephone (苏服码) of which its issuer said who holds it. Name and
    /// number, and what the number itself says.
    case heldCode = "code"
  }

  public var document: Document
  /// In Chinese characters; in Latin letters where the document has no other name.
  public var name: String
  /// In Latin letters, of foreigners only.
  public var nameEnglish: String?
  public var sex: String
  /// Three letters (GB/T 2659), of foreigners only.
  public var nationality: String?
  /// The card's two-digit code (GB/T 3304), "01" … "56", "97", "98".
  public var ethnicity: String?
  public var birth: String
  public var address: String?
  /// Eighteen characters (GB 11643); fifteen on documents of 2017 for foreigners.
  public var idNumber: String
  /// A name; on documents of 2017 for foreigners the authority's code of four characters.
  public var issuer: String?
  public var validFrom: String?
  /// `YYYYMMDD` or 长期.
  public var validTo: String?
  /// The number of the travel permit to the mainland, of people of Hong Kong, Macau and
  /// Taiwan only.
  public var passNumber: String?
  /// How often the document was issued or renewed, two digits.
  public var issueCount: String?

  public init(
    document: Document = .residentCard, name: String, nameEnglish: String? = nil, sex: String,
    nationality: String? = nil, ethnicity: String? = nil, birth: String, address: String? = nil,
    idNumber: String, issuer: String? = nil, validFrom: String?, validTo: String?,
    passNumber: String? = nil, issueCount: String? = nil
  ) {
    self.document = document
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
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    // Filings sealed before other documents were read do not name it.
    document = try values.decodeIfPresent(Document.self, forKey: .document) ?? .residentCard
    name = try values.decode(String.self, forKey: .name)
    nameEnglish = try values.decodeIfPresent(String.self, forKey: .nameEnglish)
    sex = try values.decode(String.self, forKey: .sex)
    nationality = try values.decodeIfPresent(String.self, forKey: .nationality)
    ethnicity = try values.decodeIfPresent(String.self, forKey: .ethnicity)
    birth = try values.decode(String.self, forKey: .birth)
    address = try values.decodeIfPresent(String.self, forKey: .address)
    idNumber = try values.decode(String.self, forKey: .idNumber)
    issuer = try values.decodeIfPresent(String.self, forKey: .issuer)
    validFrom = try values.decodeIfPresent(String.self, forKey: .validFrom)
    validTo = try values.decodeIfPresent(String.self, forKey: .validTo)
    passNumber = try values.decodeIfPresent(String.self, forKey: .passNumber)
    issueCount = try values.decodeIfPresent(String.self, forKey: .issueCount)
  }
}

/// What may be shown of a personal value on a public screen or paper.
public enum Masked {
  /// `王*`, whatever the length of the name.
  public static func name(_ name: String) -> String {
    name.first.map { "\($0)*" } ?? ""
  }

  /// The last four characters.
  public static func tail(_ value: String) -> String { String(value.suffix(4)) }

  /// `3205**********021X`-like: the first `head` and last `tail` characters.
  public static func middle(_ value: String, head: Int, tail: Int) -> String {
    guard value.count > head + tail else { return String(repeating: "*", count: value.count) }
    let stars = String(repeating: "*", count: value.count - head - tail)
    return value.prefix(head) + stars + value.suffix(tail)
  }

  /// The first six characters of an address (a district), then stars.
  public static func address(_ value: String) -> String {
    value.count <= 6 ? value : value.prefix(6) + "****"
  }
}
