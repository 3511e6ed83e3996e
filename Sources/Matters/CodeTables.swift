// SPDX-License-Identifier: Apache-2.0

import Records

/// What the codes of a catalogue mean (GB/T 39046, annex A, and the national exchange).
public struct CodeTables: Hashable, Sendable, Codable {
  public var taskType: [String: Words.Sentence]
  public var useLevel: [String: String]
  public var serviceTargets: [String: String]
  public var projectType: [String: String]
  public var materialKind: [String: String]
  public var materialFormat: [String: String]
  public var materialNeed: [String: String]
  public var materialSource: [String: String]
  public var waiverMode: [String: String]
  public var crossRegionScope: [String: String]
  /// The national exchange counts satisfaction upwards, GB/T 39046 downwards.
  public var satisfactionExternal: [String: String]
  public var satisfactionStandard: [String: String]

  enum CodingKeys: String, CodingKey {
    case taskType = "task_type"
    case useLevel = "use_level"
    case serviceTargets = "service_targets"
    case projectType = "project_type"
    case materialKind = "material_kind"
    case materialFormat = "material_format"
    case materialNeed = "material_need"
    case materialSource = "material_source"
    case waiverMode = "waiver_mode"
    case crossRegionScope = "cross_region_scope"
    case satisfactionExternal = "satisfaction_external_5_best"
    case satisfactionStandard = "satisfaction_gbt39046_1_best"
  }
}

/// 行政区划 (GB/T 2260), six digits.
public struct Region: Hashable, Sendable, Codable {
  public var code: String
  public var nameZh: String
  public var nameEn: String
  public var parent: String?
  public var level: String

  enum CodingKeys: String, CodingKey {
    case code, parent, level
    case nameZh = "name_zh"
    case nameEn = "name_en"
  }
}

public struct Department: Hashable, Sendable, Codable {
  public var id: String
  public var nameZh: String
  public var nameEn: String
  public var areaCode: String
  /// 统一社会信用代码.
  public var uscc: String
  /// The code is well formed but belongs to nobody.
  public var usccSynthetic: Bool
  public var useLevel: String

  public var name: Words.Sentence { Words.Sentence(zh: nameZh, en: nameEn) }

  enum CodingKeys: String, CodingKey {
    case id, uscc
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case areaCode = "area_code"
    case usccSynthetic = "uscc_synthetic"
    case useLevel = "use_level"
  }
}

/// A kind of electronic certificate that a material may be called from.
public struct CertificateKind: Hashable, Sendable, Codable {
  public enum Holder: String, Hashable, Sendable, Codable { case person, org, any }
  public var id: String
  public var nameZh: String
  public var nameEn: String
  public var holder: Holder
  public var issuerDept: String

  enum CodingKeys: String, CodingKey {
    case id, holder
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case issuerDept = "issuer_dept"
  }
}

/// 告知承诺书: what is told and what is promised in place of a proof.
public struct PromiseTemplate: Hashable, Sendable, Codable {
  public var id: String
  public var titleZh: String
  public var titleEn: String
  public var noticeItems: [String]
  public var statementZh: String
  public var minReadSeconds: Int
  public var signature: String
  public var alternatives: [String]
  public var withdrawableBefore: String
  public var credit: Credit

  public struct Credit: Hashable, Sendable, Codable {
    public var checkBefore: Bool
    public var recordBreach: Bool
    public var breachResults: [String]

    enum CodingKeys: String, CodingKey {
      case checkBefore = "check_before"
      case recordBreach = "record_breach"
      case breachResults = "breach_results"
    }
  }

  enum CodingKeys: String, CodingKey {
    case id, signature, alternatives, credit
    case titleZh = "title_zh"
    case titleEn = "title_en"
    case noticeItems = "notice_items"
    case statementZh = "statement_zh"
    case minReadSeconds = "min_read_seconds"
    case withdrawableBefore = "withdrawable_before"
  }
}
