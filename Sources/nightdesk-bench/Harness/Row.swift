// SPDX-License-Identifier: Apache-2.0

/// One line of the result: what was measured in each round, beside floor and rival of the
/// same round.
struct Row: Sendable {
  var name: String
  /// What exactly, in a few words.
  var what: String
  var unit: String
  /// One value a round; empty when it could not be measured here.
  var ours: [Double]
  /// What the machine itself can do at most, in the same unit.
  var floor: [Double] = []
  var rival: [Double] = []
  var goal: Goal?
  var cpuSeconds: Double?
  var memoryMB: Double?
  var lost: Int?
  var doubled: Int?

  var value: Double? { ours.median }

  /// To what the goal compares with; without a goal to the rival, or else to the floor.
  var ratios: [Double] {
    let other =
      switch goal {
      case .timesRival: rival
      case .timesFloor: floor
      default: rival.isEmpty ? floor : rival
      }
    return zip(ours, other).map { $0 / $1 }
  }

  /// Nil where there is no goal or no figure.
  var held: Bool? {
    guard let goal, let value else { return nil }
    guard let reached = goal.isReached(value: value, ratio: ratios.median) else { return nil }
    return reached && (lost ?? 0) == 0 && (doubled ?? 0) == 0
  }
}

enum Goal: Sendable {
  case timesRival(Double)
  case timesFloor(Double)
  case atMost(Double)
  /// Between these two.
  case within(Double, Double)

  func isReached(value: Double, ratio: Double?) -> Bool? {
    switch self {
    case .timesRival(let factor), .timesFloor(let factor): ratio.map { $0 >= factor }
    case .atMost(let limit): value <= limit
    case .within(let low, let high): value >= low && value <= high
    }
  }

  var text: String {
    switch self {
    case .timesRival(let factor): ">= \(Figure.short(factor)) x rival"
    case .timesFloor(let factor): ">= \(Figure.short(factor)) x floor"
    case .atMost(let limit): "<= \(Figure.short(limit))"
    case .within(let low, let high): "\(Figure.short(low)) to \(Figure.short(high))"
    }
  }
}

extension Row: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, what, value, unit, min, max, floor, rival, ratio, goal, held, rounds
    case cpuSeconds, memoryMB, lost, doubled
  }

  /// A figure that is not known is written as null.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(what, forKey: .what)
    try container.encode(value.map(Figure.rounded), forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(ours.min().map(Figure.rounded), forKey: .min)
    try container.encode(ours.max().map(Figure.rounded), forKey: .max)
    try container.encode(floor.median.map(Figure.rounded), forKey: .floor)
    try container.encode(rival.median.map(Figure.rounded), forKey: .rival)
    try container.encode(ratios.median.map(Figure.rounded), forKey: .ratio)
    try container.encode(goal?.text, forKey: .goal)
    try container.encode(held, forKey: .held)
    try container.encode(ours.count, forKey: .rounds)
    try container.encode(cpuSeconds.map(Figure.rounded), forKey: .cpuSeconds)
    try container.encode(memoryMB.map(Figure.rounded), forKey: .memoryMB)
    try container.encode(lost, forKey: .lost)
    try container.encode(doubled, forKey: .doubled)
  }
}
