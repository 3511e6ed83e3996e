// SPDX-License-Identifier: Apache-2.0

/// Everything that can be asked for: one file, read strictly, taken whole or not at all.
public struct Catalogue: Hashable, Sendable {
  public var meta: Meta
  public var enums: CodeTables
  public var regions: [Region]
  public var departments: [Department]
  public var certificates: [CertificateKind]
  public let matters: [Matter]
  public var bundles: [MatterBundle]
  public var promiseTemplates: [PromiseTemplate]
  private let positions: [String: Int]

  public init(
    meta: Meta, enums: CodeTables, regions: [Region], departments: [Department],
    certificates: [CertificateKind], matters: [Matter], bundles: [MatterBundle],
    promiseTemplates: [PromiseTemplate]
  ) {
    self.meta = meta
    self.enums = enums
    self.regions = regions
    self.departments = departments
    self.certificates = certificates
    self.matters = matters
    self.bundles = bundles
    self.promiseTemplates = promiseTemplates
    positions = Dictionary(
      matters.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  public func matter(_ id: String) -> Matter? { positions[id].map { matters[$0] } }

  public func department(_ id: String) -> Department? { departments.first { $0.id == id } }

  /// The department that handles `matter`.
  public func department(of matter: Matter) -> Department? { department(matter.dept) }

  public func matters(of department: String) -> [Matter] {
    matters.filter { $0.dept == department }
  }

  /// The matters of a life event, in the order of the file.
  public func matters(in event: LifeEvent) -> [Matter] {
    matters.filter { $0.lifecycle.contains(event.rawValue) }
  }

  /// The life events that have matters here, in the order they are offered.
  public func lifeEvents(for audience: LifeEvent.Audience? = nil) -> [LifeEvent] {
    let used = Set(matters.flatMap(\.lifecycle))
    return LifeEvent.allCases.filter {
      used.contains($0.rawValue) && (audience == nil || $0.audience == audience)
    }
  }

  public struct Meta: Hashable, Sendable, Codable {
    public var name: String
    public var version: String
    public var language: [String]
    public var notice: String
    public var codeRules: [String: String]

    enum CodingKeys: String, CodingKey {
      case name, version, language, notice
      case codeRules = "code_rules"
    }
  }
}

extension Catalogue: Codable {
  enum CodingKeys: String, CodingKey {
    case meta, enums, regions, departments, certificates, matters, bundles
    case promiseTemplates = "promise_templates"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      meta: try container.decode(Meta.self, forKey: .meta),
      enums: try container.decode(CodeTables.self, forKey: .enums),
      regions: try container.decode([Region].self, forKey: .regions),
      departments: try container.decode([Department].self, forKey: .departments),
      certificates: try container.decode([CertificateKind].self, forKey: .certificates),
      matters: try container.decode([Matter].self, forKey: .matters),
      bundles: try container.decode([MatterBundle].self, forKey: .bundles),
      promiseTemplates: try container.decode([PromiseTemplate].self, forKey: .promiseTemplates))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(meta, forKey: .meta)
    try container.encode(enums, forKey: .enums)
    try container.encode(regions, forKey: .regions)
    try container.encode(departments, forKey: .departments)
    try container.encode(certificates, forKey: .certificates)
    try container.encode(matters, forKey: .matters)
    try container.encode(bundles, forKey: .bundles)
    try container.encode(promiseTemplates, forKey: .promiseTemplates)
  }
}
