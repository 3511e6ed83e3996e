// SPDX-License-Identifier: Apache-2.0

import Records

/// 一件事: several matters asked for as one.
public struct MatterBundle: Hashable, Sendable, Codable {
  public var id: String
  public var nameZh: String
  public var nameEn: String
  public var seed: String?
  public var serviceTargets: [String]
  public var situation: [Question]
  public var derived: [Derived]
  public var items: [Item]
  public var sharedFields: [SharedField]
  public var ownFields: [OwnField]
  public var mergedFieldCount: Int
  public var separateFieldCount: Int
  public var mergedMaterials: [MergedMaterial]
  public var separateMaterialCount: Int
  public var departments: [String]
  public var limit: TimeLimit
  public var figuresFromSeed: [String: Figure]?
  public var sharedNoteZh: String
  public var materialsBefore: String
  public var materialsAfter: String
  public var note: String
  public var source: [String]

  public var name: Words.Sentence { Words.Sentence(zh: nameZh, en: nameEn) }

  enum CodingKeys: String, CodingKey {
    case id, seed, situation, derived, items, departments, limit, note, source
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case serviceTargets = "service_targets"
    case sharedFields = "shared_fields"
    case ownFields = "own_fields"
    case mergedFieldCount = "merged_field_count"
    case separateFieldCount = "separate_field_count"
    case mergedMaterials = "merged_materials"
    case separateMaterialCount = "separate_material_count"
    case figuresFromSeed = "figures_from_seed"
    case sharedNoteZh = "shared_note_zh"
    case materialsBefore = "materials_before"
    case materialsAfter = "materials_after"
  }
}

extension MatterBundle {
  /// A question asked before the matters are chosen.
  public struct Question: Hashable, Sendable, Codable {
    public var key: String
    public var labelZh: String
    public var labelEn: String
    public var type: FormField.Kind

    enum CodingKeys: String, CodingKey {
      case key, type
      case labelZh = "label_zh"
      case labelEn = "label_en"
    }
  }

  /// A field or material that an earlier matter of the bundle fills.
  public struct Derived: Hashable, Sendable, Codable {
    public var target: String
    public var from: String
  }

  public struct Item: Hashable, Sendable, Codable {
    public var matter: String
    public var required: Bool
    public var dependsOn: [String]
    public var dependsOnAny: [String]
    public var when: String?

    enum CodingKeys: String, CodingKey {
      case matter, required, when
      case dependsOn = "depends_on"
      case dependsOnAny = "depends_on_any"
    }
  }

  public struct SharedField: Hashable, Sendable, Codable {
    public var key: String
    public var matters: [String]
  }

  /// A question of one matter only; `formKey` is its key in the merged form.
  public struct OwnField: Hashable, Sendable, Codable {
    public var key: String
    public var matter: String
    public var formKey: String

    enum CodingKeys: String, CodingKey {
      case key, matter
      case formKey = "form_key"
    }
  }

  public struct MergedMaterial: Hashable, Sendable, Codable {
    public var material: String
    public var nameZh: String
    public var usedBy: [String]

    enum CodingKeys: String, CodingKey {
      case material
      case nameZh = "name_zh"
      case usedBy = "used_by"
    }
  }

  /// A figure that a programme announced: one number, or a list.
  public enum Figure: Hashable, Sendable, Codable {
    case number(Double)
    case numbers([Double])
    case words([String])

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let numbers = try? container.decode([Double].self) {
        self = .numbers(numbers)
      } else {
        self = .words(try container.decode([String].self))
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .numbers(let numbers): try container.encode(numbers)
      case .words(let words): try container.encode(words)
      }
    }
  }
}
