// SPDX-License-Identifier: Apache-2.0

import Records

/// 政务服务事项: one thing that can be asked for, with its guide and its form.
public struct Matter: Hashable, Sendable, Codable {
  public var id: String
  public var nameZh: String
  public var nameEn: String
  /// 事项类型 (GB/T 39046 A.1): "01" is a licence.
  public var taskType: String
  public var taskTypeZh: String
  public var taskTypeEn: String
  /// 基本编码, 12 characters.
  public var catalogCode: String
  /// 实施编码, 31 characters: department's USCC 18, level 1, 基本编码 12.
  public var taskCode: String
  public var codesSynthetic: Bool
  public var version: Int
  public var state: State
  public var dept: String
  public var useLevel: String
  /// 服务对象: "1" a natural person, all others organisations.
  public var serviceTargets: [String]
  public var summaryZh: String
  public var summaryEn: String
  public var legalBasis: LegalBasis
  public var acceptConditionZh: String
  public var handling: Handling
  /// 办件类型: 1 decided at once, 2 within a promised time.
  public var projectType: Int
  public var limits: Limits
  /// 到办事现场次数.
  public var sceneVisits: Int
  public var fee: Fee
  public var crossRegion: CrossRegion
  public var auth: Auth
  public var gapAcceptance: GapAcceptance
  public var promise: PromiseRule
  public var materials: [Material]
  public var form: Form
  public var flow: [String]
  public var result: ResultDocument
  public var kiosk: KioskRules
  public var lifecycle: [String]
  public var themes: [String]
  public var archive: ArchiveRule
  public var source: [String]
  public var note: String

  public enum State: String, Hashable, Sendable, Codable {
    case inUse = "in_use"
    case paused, cancelled
  }

  /// Decided while the resident waits, or taken in and decided later.
  public enum Handling: String, Hashable, Sendable, Codable { case instant, application }

  public var name: Words.Sentence { Words.Sentence(zh: nameZh, en: nameEn) }
  public var summary: Words.Sentence { Words.Sentence(zh: summaryZh, en: summaryEn) }

  /// 行政许可: the five days in which silence accepts (行政许可法, art. 32) run for these only.
  public var isLicence: Bool { taskType == "01" }

  public var isForPersons: Bool { serviceTargets.contains("1") }
  public var isForOrganisations: Bool { serviceTargets.contains { $0 != "1" } }

  /// 预存申报 is possible: the catalogue allows it, and this terminal can ask every question.
  public var canBeDeposited: Bool {
    kiosk.offlineSubmit == .deposit && state == .inUse && handling == .application
      && form.fields.allSatisfy { !$0.required || $0.type.canBeTyped }
  }

  enum CodingKeys: String, CodingKey {
    case id, version, state, dept, handling, limits, fee, auth, promise, materials, form, flow
    case result, kiosk, lifecycle, themes, archive, source, note
    case nameZh = "name_zh"
    case nameEn = "name_en"
    case taskType = "task_type"
    case taskTypeZh = "task_type_zh"
    case taskTypeEn = "task_type_en"
    case catalogCode = "catalog_code"
    case taskCode = "task_code"
    case codesSynthetic = "codes_synthetic"
    case useLevel = "use_level"
    case serviceTargets = "service_targets"
    case summaryZh = "summary_zh"
    case summaryEn = "summary_en"
    case legalBasis = "legal_basis"
    case acceptConditionZh = "accept_condition_zh"
    case projectType = "project_type"
    case sceneVisits = "scene_visits"
    case crossRegion = "cross_region"
    case gapAcceptance = "gap_acceptance"
  }
}
