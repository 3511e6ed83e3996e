// SPDX-License-Identifier: Apache-2.0

import Records

/// Where a terminal's numbers come from.
public struct Numbering: Sendable {
  public var area: String
  /// Given at the enrolment, which it also names.
  public var allotment: Allotment
  /// For ledgers after the first, used in order.
  public var spares: [Allotment]
  /// The newest day this terminal knows for certain has begun: of its build, or of the
  /// day its settings were signed. No number bears an earlier one.
  public var floor: Day

  public init(area: String, allotment: Allotment, spares: [Allotment], floor: Day) {
    self.area = area
    self.allotment = allotment
    self.spares = spares
    self.floor = floor
  }

  /// The day a number taken at `time` bears.
  func day(at time: QualifiedTime) -> Day {
    time.quality == .unknown ? floor : max(floor, Day(time.at))
  }
}
