// SPDX-License-Identifier: Apache-2.0

import Records

/// What a terminal may do with a matter.
public struct KioskRules: Hashable, Sendable, Codable {
  public var estimatedMinutes: Int
  public var devices: [String]
  public var offlineSubmit: OfflineSubmit
  public var offlineReasonZh: String?
  public var offlineReasonEn: String?
  public var maxCopiesPerDay: Int

  /// Why it may be handed in offline, as the resident reads it; nil where it may not.
  public var offlineReason: Words.Sentence? {
    guard offlineSubmit == .deposit, let zh = offlineReasonZh, let en = offlineReasonEn else {
      return nil
    }
    return Words.Sentence(zh: zh, en: en)
  }

  enum CodingKeys: String, CodingKey {
    case devices
    case estimatedMinutes = "estimated_minutes"
    case offlineSubmit = "offline_submit"
    case offlineReasonZh = "offline_reason_zh"
    case offlineReasonEn = "offline_reason_en"
    case maxCopiesPerDay = "max_copies_per_day"
  }
}

/// In the file `false` or `"deposit"`.
public enum OfflineSubmit: Hashable, Sendable, Codable {
  case no
  /// 预存申报: kept sealed, sent later, checked on arrival.
  case deposit

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if (try? container.decode(Bool.self)) == false {
      self = .no
    } else if (try? container.decode(String.self)) == "deposit" {
      self = .deposit
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "must be false or \"deposit\"")
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .no: try container.encode(false)
    case .deposit: try container.encode("deposit")
    }
  }
}
