// SPDX-License-Identifier: Apache-2.0

/// The law a matter rests on, and how sure the catalogue is of it.
public struct LegalBasis: Hashable, Sendable, Codable {
  public var text: String
  public var confidence: String
}

/// 法定／承诺办结时限.
public struct Limits: Hashable, Sendable, Codable {
  public var statutory: TimeLimit?
  public var promised: TimeLimit?
  public var confidence: String
  public var statutoryConfidence: String
  public var source: String?

  enum CodingKeys: String, CodingKey {
    case statutory, promised, confidence, source
    case statutoryConfidence = "statutory_confidence"
  }
}

public struct Fee: Hashable, Sendable, Codable {
  public var isFee: Bool
  public var items: [Item]

  public struct Item: Hashable, Sendable, Codable {
    public var nameZh: String
    public var nameEn: String
    public var amountCNY: Double
    public var basis: String

    enum CodingKeys: String, CodingKey {
      case basis
      case nameZh = "name_zh"
      case nameEn = "name_en"
      case amountCNY = "amount_cny"
    }
  }

  enum CodingKeys: String, CodingKey {
    case items
    case isFee = "is_fee"
  }
}

/// 通办范围: how far away a matter may be handed in.
public struct CrossRegion: Hashable, Sendable, Codable {
  public enum Scope: String, Hashable, Sendable, Codable {
    case none, district, city, province, yrd, national
  }
  public enum Mode: String, Hashable, Sendable, Codable {
    case fullOnline = "full_online"
    case collectElsewhere = "collect_elsewhere"
    case multiSite = "multi_site"
    case none
  }
  public var scope: Scope
  public var mode: Mode
}

/// Who must be seen to be who, before anything is granted.
public struct Auth: Hashable, Sendable, Codable {
  public enum Method: String, Hashable, Sendable, Codable {
    case none
    case idCardFace = "id_card_face"
    case eLicence = "e_licence"
  }
  public var method: Method
  public var proxyAllowed: Bool
  public var minAge: Int
  public var guardianRequiredUnder: Int

  enum CodingKeys: String, CodingKey {
    case method
    case proxyAllowed = "proxy_allowed"
    case minAge = "min_age"
    case guardianRequiredUnder = "guardian_required_under"
  }
}

/// 容缺受理.
public struct GapAcceptance: Hashable, Sendable, Codable {
  public var allowed: Bool
  public var deadlineWorkdays: Int?
  public var blockedIfBadCredit: Bool

  enum CodingKeys: String, CodingKey {
    case allowed
    case deadlineWorkdays = "deadline_workdays"
    case blockedIfBadCredit = "blocked_if_bad_credit"
  }
}

/// 告知承诺.
public struct PromiseRule: Hashable, Sendable, Codable {
  public var allowed: Bool
  public var reasonZh: String
  public var blockedIfBadCredit: Bool
  public var withdrawable: Bool

  enum CodingKeys: String, CodingKey {
    case allowed, withdrawable
    case reasonZh = "reason_zh"
    case blockedIfBadCredit = "blocked_if_bad_credit"
  }
}

/// What the applicant gets in the end.
public struct ResultDocument: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable {
    case proof, certificate, document, message
  }
  public enum Paper: String, Hashable, Sendable, Codable {
    case a4 = "A4"
    case licenceStock = "licence_stock"
    case label
  }
  public var kind: Kind
  public var nameZh: String
  public var nameEn: String
  public var certType: String?
  public var format: [String]
  public var printable: Bool
  public var paper: Paper?
  public var maxCopies: Int
  public var seal: String
  public var verifyQR: Bool
  public var validDays: Int?

  enum CodingKeys: String, CodingKey {
    case kind, format, printable, paper, seal
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case certType = "cert_type"
    case maxCopies = "max_copies"
    case verifyQR = "verify_qr"
    case validDays = "valid_days"
  }
}

/// 单套归档.
public struct ArchiveRule: Hashable, Sendable, Codable {
  public var singleSet: Bool
  public var retentionYears: Int
  public var confidence: String

  enum CodingKeys: String, CodingKey {
    case confidence
    case singleSet = "single_set"
    case retentionYears = "retention_years"
  }
}
