// SPDX-License-Identifier: Apache-2.0

/// A reader on the mocked USB bus, pulled and plugged in again and again: how soon it serves,
/// and whether anything of it stays behind.
enum Replugging {
  private struct Tally {
    var laps: [Double] = []
    var refusals = 0
    var processes = 0
    /// The greatest growth within one process.
    var growth: (before: Holding, after: Holding)?

    mutating func heard(_ before: Holding, _ after: Holding) {
      processes += 1
      let grown = growth.map { $0.after.memoryMB - $0.before.memoryMB } ?? -.infinity
      if after.memoryMB - before.memoryMB > grown { growth = (before, after) }
    }
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(1000, quick: 20)
    Progress.say("devices: \(count) replugs on a mocked USB bus")
    let folder = try workshop.folder.inner("replugs")
    defer { folder.remove() }
    let line = folder.file("reader")
    let reader = try Child.start(workshop.program, ["part", "reader", line])
    guard try await reader.line() == "ready" else { throw BenchFault("no simulated reader") }
    var tally = Tally()
    while tally.laps.count < count {
      try await replug(count - tally.laps.count, line, folder, workshop, &tally)
    }
    guard let (before, after) = tally.growth else { throw BenchFault("nothing was replugged") }
    return [
      Row(
        name: "devices.replug-ready", what: "from the plug to a ready reader, the slowest of \(count)",
        unit: "ms", ours: [(tally.laps.max() ?? 0) * 1000], goal: .atMost(1000)),
      Row(
        name: "devices.replug-median", what: "the same, half of them", unit: "ms",
        ours: [(tally.laps.median ?? 0) * 1000]),
      Row(
        name: "devices.replug-files",
        what: "open files more, \(before.descriptors) before and \(after.descriptors) after; processes: "
          + "\(tally.processes), openings refused: \(tally.refusals)",
        unit: "", ours: [Double(after.descriptors - before.descriptors)], goal: .atMost(0)),
      Row(
        name: "devices.replug-memory",
        what: "memory more, \(Figure.short(before.memoryMB)) MB before and "
          + "\(Figure.short(after.memoryMB)) MB after",
        unit: "MB", ours: [after.memoryMB - before.memoryMB], goal: .atMost(0.5), memoryMB: after.memoryMB),
    ]
  }

  /// One process under a bus of its own; it ends early when too many openings were refused.
  private static func replug(
    _ count: Int, _ line: String, _ folder: BenchFolder, _ workshop: Workshop, _ tally: inout Tally
  ) async throws {
    let simulator = workshop.program.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let driver = try Child.start(
      "umockdev-wrapper",
      [
        simulator + "/nightdesk-usb-sim", "--control", folder.file("usb"), "--", workshop.program, "part",
        "replugs", line, "\(count)",
      ])
    var before: Holding?
    while true {
      let words = try await driver.line().split(separator: " ")
      switch words.count {
      case 1: Double(words[0]).map { tally.laps.append($0) }
      case 2: before = Holding(words)
      default:
        tally.refusals += words.last.flatMap { Int($0) } ?? 0
        if let before, let after = Holding(words) { tally.heard(before, after) }
        guard try await driver.gone() == 0 else { throw BenchFault("a replugged driver ended badly") }
        return
      }
    }
  }
}
