// SPDX-License-Identifier: Apache-2.0

import Records

/// How each material of an application is provided when it is handed in at a terminal
/// without the network.
///
/// - Identity card: `cardRead` when it was read; else as any data call.
/// - 数据调用, 部门核验: the centre looks it up on arrival (`centreChecks`).
/// - 直接取消: `formFilled` where the form takes its place, else `notNeeded`.
/// - 告知承诺: `toFollow`, since a promise must be read, signed and checked against the
///   credit record, which needs the centre; the proof itself is accepted as well.
/// - To be handed in: `notNeeded` when optional, `toFollow` where 容缺 is allowed, else
///   missing, and then the application cannot be made here.
public struct MaterialPlan: Hashable, Sendable {
  public struct Item: Hashable, Sendable {
    public var material: Material
    /// Nil: missing.
    public var way: MaterialStatement.Way?
    /// Asked for only with certain answers.
    public var isConditional: Bool { material.condition != nil }
  }

  public let items: [Item]

  /// Materials whose condition does not hold for these answers are left out. With no
  /// answers at all, which is the guide, every material is listed.
  public init(matter: Matter, answers: [String: Answer], cardRead: Bool) {
    items = matter.materials
      .filter { material in
        guard let condition = material.condition.flatMap(Condition.init), !answers.isEmpty else {
          return true
        }
        return condition.holds(answers)
      }
      .map { material in
        let way = Self.way(material, of: matter, cardRead: cardRead)
        return Item(material: material, way: way)
      }
  }

  /// What goes into the sealed content.
  public var statements: [MaterialStatement] {
    items.compactMap { item in item.way.map { MaterialStatement(id: item.material.id, way: $0) } }
  }

  public var missing: [Material] { items.filter { $0.way == nil }.map(\.material) }

  /// The materials provided in one of `ways`, for screen and slip.
  public func materials(_ ways: MaterialStatement.Way...) -> [Material] {
    items.filter { item in item.way.map { ways.contains($0) } ?? false }.map(\.material)
  }

  private static func way(
    _ material: Material, of matter: Matter, cardRead: Bool
  ) -> MaterialStatement.Way? {
    let isCard = material.waiver.certType == "id_card" || material.waiver.fallback == "card_reader"
    if isCard && cardRead { return .cardRead }
    switch material.waiver.mode {
    case .dataCall, .deptVerify: return .centreChecks
    case .cancelled:
      return material.waiver.fallback == "generated_from_form" ? .formFilled : .notNeeded
    case .promise: return .toFollow
    case .none: return handedIn(material, of: matter)
    }
  }

  private static func handedIn(_ material: Material, of matter: Matter) -> MaterialStatement.Way? {
    if material.need == .optional { return .notNeeded }
    let mayFollow = material.gapAllowed || material.need == .mayFollow
    return mayFollow && matter.gapAcceptance.allowed ? .toFollow : nil
  }
}
