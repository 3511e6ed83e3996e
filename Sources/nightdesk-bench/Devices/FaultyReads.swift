// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Simulators

/// Cards put on a reader whose answers are spoilt in every way, one after the other, each
/// followed by one on a sound reader.
enum FaultyReads {
  /// What a person at the reader would call hung.
  private static let hung = 5.0

  private struct Tally: Sendable {
    /// Somebody else, or somebody with another name, than lies there.
    var wrong = 0
    var hangs = 0
    /// From a card on the sound reader to its event.
    var next = Laps(capacity: 1000)
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(1000, quick: 24)
    Progress.say("devices: \(count) reads with faults")
    let folder = try workshop.folder.inner("faults")
    defer { folder.remove() }
    let rig = try await ReaderRig.start(in: folder, workshop)
    let tally = try await rig.serve(poll: 2, patience: 100, ticks: .milliseconds(50)) { seen in
      var tally = Tally()
      for turn in 0..<count {
        let kinds = ReaderFault.Kind.allCases.filter { $0 != .status }
        try await rig.order("fault \(kinds[turn % kinds.count].rawValue)")
        _ = try await put(turn, rig, &seen, &tally)
        if let lap = try await put(turn + 1, rig, &seen, &tally) { tally.next.add(lap) }
      }
      return tally
    }
    return [
      Row(
        name: "devices.faulty-wrong", what: "of \(count) spoilt reads and as many after them", unit: "cards",
        ours: [Double(tally.wrong)], goal: .atMost(0)),
      Row(
        name: "devices.faulty-hangs", what: "no word of the card within \(Int(hung)) s", unit: "cards",
        ours: [Double(tally.hangs)], goal: .atMost(0)),
      Row(
        name: "devices.next-good", what: "the next good card after a fault, the slowest", unit: "ms",
        ours: [(tally.next.seconds.max() ?? 0) * 1000], goal: .atMost(1000)),
    ]
  }

  /// Seconds to the card's event; nil when it could not be read. It is gone afterwards.
  private static func put(
    _ number: Int, _ rig: ReaderRig, _ seen: inout AsyncStream<ReaderRig.Seen>.AsyncIterator,
    _ tally: inout Tally
  ) async throws -> Double? {
    let card = ReaderPart.cards[number % ReaderPart.cards.count]
    let start = Stopwatch.now
    try await rig.order("put \(number)")
    var lap: Double?
    read: while let now = await seen.next(isolation: #isolation) {
      switch now.event {
      case .presented(let resident, _):
        if resident.idNumber != card.idNumber || resident.name != card.name { tally.wrong += 1 }
        lap = now.at - start
        break read
      case .unreadable: break read
      case .removed: continue
      case nil:
        guard now.at - start > hung else { continue }
        tally.hangs += 1
        break read
      }
    }
    try await rig.order("take")
    let taken = Stopwatch.now
    while let now = await seen.next(isolation: #isolation), now.event != .removed {
      if now.at - taken > hung {
        tally.hangs += 1
        break
      }
    }
    return lap
  }
}
