// SPDX-License-Identifier: Apache-2.0

import CentralStore

extension Drain {
  /// Seconds in which the faults let nobody through.
  private static let shut = 8.0

  static func rows(rival: [Played], ours: [Played]) -> [Row] {
    let floors = ours.map { Double($0.items) / shut }
    let growth = ours.compactMap { round in
      round.carried.earlyMemoryMB.map { round.carried.memoryMB - $0 }
    }
    return [
      Row(
        name: "delivery.drain",
        what: """
          applications a second through a failing centre, shut for \(Int(shut)) s of it (floor); \
          rival: persist-queue + requests
          """,
        unit: "/s", ours: ours.map(\.rate), floor: floors, rival: rival.map(\.rate), goal: .timesRival(5),
        cpuSeconds: ours.map(\.carried.cpuSeconds).median, memoryMB: ours.map(\.carried.memoryMB).median,
        lost: ours.map(\.lost).reduce(0, +), doubled: ours.map(\.doubled).reduce(0, +)),
      Row(
        name: "delivery.drain-open",
        what: "the same without the \(Int(shut)) s in which nobody comes through", unit: "/s",
        ours: ours.compactMap(open), rival: rival.compactMap(open)),
      Row(
        name: "delivery.memory-growth",
        what: "memory of the courier's process at the end, above that when a fifth was carried",
        unit: "MB", ours: growth, goal: .atMost(5), memoryMB: ours.map(\.carried.memoryMB).median),
      Row(
        name: "delivery.repeats",
        what: "deliveries beyond the first of the same bytes, all answered \"already\"", unit: "",
        ours: ours.map { Double($0.centre.counts.repeats) },
        rival: rival.map { Double($0.centre.counts.repeats) }),
      Row(
        name: "delivery.rival", what: "what the rival used, lost and doubled", unit: "/s",
        ours: rival.map(\.rate), cpuSeconds: rival.map(\.carried.cpuSeconds).median,
        memoryMB: rival.map(\.carried.memoryMB).median,
        lost: rival.isEmpty ? nil : rival.map(\.lost).reduce(0, +),
        doubled: rival.isEmpty ? nil : rival.map(\.doubled).reduce(0, +)),
    ]
  }

  /// Nil where so few were carried that the faults met each other.
  private static func open(_ played: Played) -> Double? {
    let seconds = played.carried.seconds - shut
    return seconds > 0.5 ? Double(played.items) / seconds : nil
  }
}
