// SPDX-License-Identifier: Apache-2.0

import Records

/// 申请材料: something that must be shown, or no longer need be.
public struct Material: Hashable, Sendable, Codable {
  public var id: String
  public var nameZh: String
  public var nameEn: String
  /// 材料类型 1–3, 材料形式 1–3.
  public var kind: Int
  public var format: Int
  public var need: Need
  /// 来源渠道: 10 the applicant, 20 an authority, 99 other.
  public var source: Int
  public var issuerDept: String?
  public var originalCount: Int
  public var copyCount: Int
  public var waiver: Waiver
  public var gapAllowed: Bool
  /// A `Condition` on the answers; asked for only where it holds.
  public var condition: String?
  public var fillNoteZh: String

  public enum Need: Int, Hashable, Sendable, Codable {
    case necessary = 1
    case optional = 2
    /// 容缺后补.
    case mayFollow = 3
  }

  public struct Waiver: Hashable, Sendable, Codable {
    public enum Mode: String, Hashable, Sendable, Codable {
      /// It has to be handed in.
      case none
      case cancelled
      /// The centre takes it from another authority's data.
      case dataCall = "data_call"
      case deptVerify = "dept_verify"
      case promise
    }
    public var mode: Mode
    public var certType: String?
    public var api: String?
    public var promiseTemplate: String?
    public var fallback: String

    enum CodingKeys: String, CodingKey {
      case mode, api, fallback
      case certType = "cert_type"
      case promiseTemplate = "promise_template"
    }
  }

  public var name: Words.Sentence { Words.Sentence(zh: nameZh, en: nameEn) }

  enum CodingKeys: String, CodingKey {
    case id, kind, format, need, source, waiver, condition
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case issuerDept = "issuer_dept"
    case originalCount = "original_count"
    case copyCount = "copy_count"
    case gapAllowed = "gap_allowed"
    case fillNoteZh = "fill_note_zh"
  }
}
