// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization

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

/// The last sequence of each day that was filed or handed out in this life of the
/// process. Gaps are allowed, so nothing is written before a filing is.
final class SequenceCounter: Sendable {
  private let last: Mutex<[Day: Int]>

  init(_ kept: [Day: Int]) { last = Mutex(kept) }

  func next(on day: Day) throws(StoreFault) -> Int {
    let next = last.withLock { last in
      let next = last[day, default: 0] + 1
      if next <= 99_999 { last[day] = next }
      return next
    }
    guard next <= 99_999 else { throw .noNumbers }
    return next
  }
}
