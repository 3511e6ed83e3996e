// SPDX-License-Identifier: Apache-2.0

import Records

/// One question of a form.
public struct FormField: Hashable, Sendable, Codable {
  public var key: String
  public var labelZh: String
  public var labelEn: String
  public var type: Kind
  public var required: Bool
  /// Where the answer may come from: `id_card.name`, `e_licence.uscc`, ….
  public var prefill: String?
  public var validation: Validation?
  public var options: [Option]?
  /// A `Condition` on other answers; asked only where it holds.
  public var visibleWhen: String?
  public var mask: Mask
  /// 敏感个人信息 (PIPL art. 28).
  public var sensitive: Bool
  public var helpZh: String?

  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case text, textarea, address, number, money, date, month, select, multiselect, bool, phone
    case region, country, person, slot
    case idNumber = "id_no"
    case uscc
    case bankCard = "bank_card"
    case personList = "person_list"
    case geoPolygon = "geo_polygon"

    /// A terminal has a way to ask for it; the others need lists or maps it does not have.
    public var canBeTyped: Bool {
      switch self {
      case .region, .country, .person, .personList, .slot, .geoPolygon: false
      default: true
      }
    }
  }

  /// How an answer is shown where others may look on.
  public enum Mask: String, Hashable, Sendable, Codable {
    case none, name, id, phone, address, card
  }

  public struct Option: Hashable, Sendable, Codable {
    public var value: String
    public var labelZh: String
    public var labelEn: String

    public var label: Words.Sentence { Words.Sentence(zh: labelZh, en: labelEn) }

    enum CodingKeys: String, CodingKey {
      case value
      case labelZh = "label_zh"
      case labelEn = "label_en"
    }
  }

  public var label: Words.Sentence { Words.Sentence(zh: labelZh, en: labelEn) }

  enum CodingKeys: String, CodingKey {
    case key, type, required, prefill, validation, options, mask, sensitive
    case labelZh = "label_zh"
    case labelEn = "label_en"
    case visibleWhen = "visible_when"
    case helpZh = "help_zh"
  }
}
