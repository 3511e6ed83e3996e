// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Foundation

/// A reader at rest as on a terminal, one look each quarter of a second: what it costs, and how
/// soon a card is seen.
enum CardWaiting {
  private static let poll = 250

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("devices: a reader at rest, and a card put on it")
    let folder = try workshop.folder.inner("waiting")
    defer { folder.remove() }
    let rig = try await ReaderRig.start(in: folder, workshop)
    var (seen, cores, wakes): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<workshop.rounds {
      let round = try await rig.serve(poll: poll) { events in
        try await (
          worst: worst(workshop.count(10, quick: 2), rig, &events),
          rest: rest(Double(workshop.count(10, quick: 2)))
        )
      }
      seen.append(round.worst * 1000)
      cores.append(round.rest.cpu * 100)
      wakes.append(round.rest.switches)
    }
    return [
      Row(
        name: "devices.card-on", what: "from the card to the event, the worst of a round", unit: "ms",
        ours: seen, goal: .atMost(400)),
      Row(
        name: "devices.idle-cpu", what: "of one core, no card there", unit: "%", ours: cores,
        goal: .atMost(0.5)),
      Row(
        name: "devices.idle-wakes", what: "threads put to sleep for each look for a card", unit: "",
        ours: wakes, goal: .atMost(4)),
    ]
  }

  private static func worst(
    _ count: Int, _ rig: ReaderRig, _ events: inout AsyncStream<ReaderRig.Seen>.AsyncIterator
  ) async throws -> Double {
    var worst = 0.0
    for turn in 0..<count {
      let start = Stopwatch.now
      try await rig.order("put \(turn)")
      guard let card = await events.next(isolation: #isolation), case .presented? = card.event else {
        throw BenchFault("no card was read")
      }
      worst = max(worst, card.at - start)
      try await rig.order("take")
      guard case .removed? = await events.next(isolation: #isolation)?.event else {
        throw BenchFault("the card stays")
      }
    }
    return worst
  }

  private static func rest(_ seconds: Double) async throws -> (cpu: Double, switches: Double) {
    let (before, start) = (try usage(), Stopwatch.now)
    try await Task.sleep(for: .seconds(seconds))
    let (after, lap) = (try usage(), Stopwatch.now - start)
    let looks = lap * 1000 / Double(poll)
    return ((after.seconds - before.seconds) / lap, Double(after.switches - before.switches) / looks)
  }

  /// Of this process, all threads (getrusage(2)).
  private static func usage() throws -> (seconds: Double, switches: Int) {
    var usage = rusage()
    guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else {
      throw BenchFault("no resource usage")
    }
    let seconds = [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }
    return (seconds.sum, usage.ru_nvcsw)
  }
}
