// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Simulators

/// Cards put on readers whose answers are spoilt at random, each followed by one on a sound
/// reader. Several readers at a time, since most of it is waiting.
enum FaultyReads {
  /// What a person at the reader would call hung.
  private static let hung = 5.0
  private static let readers = 10

  private struct Tally: Sendable {
    /// Anything that is not on the card that lies there.
    var wrong = 0
    var hangs = 0
    /// Cards on a sound reader that were not read.
    var unread = 0
    /// From a card on the sound reader to its event.
    var next: [Double] = []

    mutating func add(_ other: Tally) {
      wrong += other.wrong
      hangs += other.hangs
      unread += other.unread
      next += other.next
    }
  }

  static func measure(_ workshop: Workshop) async throws -> [Row] {
    let count = workshop.count(10_000, quick: 40)
    Progress.say("devices: \(count) reads with faults")
    let folder = try workshop.folder.inner("faults")
    defer { folder.remove() }
    var tally = Tally()
    try await withThrowingTaskGroup(of: Tally.self) { group in
      for reader in 0..<readers {
        group.addTask {
          try await spoil(count / readers, seed: UInt64(reader), folder.inner("\(reader)"), workshop)
        }
      }
      for try await one in group { tally.add(one) }
    }
    return [
      Row(
        name: "devices.faulty-wrong", what: "of \(count) spoilt reads and as many after them", unit: "cards",
        ours: [Double(tally.wrong)], goal: .atMost(0)),
      Row(
        name: "devices.faulty-hangs", what: "no word of the card within \(Int(hung)) s", unit: "cards",
        ours: [Double(tally.hangs)], goal: .atMost(0)),
      Row(
        name: "devices.next-good", what: "the next good card after a fault, the slowest; lost: not read",
        unit: "ms", ours: [(tally.next.max() ?? 0) * 1000], goal: .atMost(1000), lost: tally.unread),
    ]
  }

  private static func spoil(
    _ count: Int, seed: UInt64, _ folder: BenchFolder, _ workshop: Workshop
  ) async throws -> Tally {
    let rig = try await ReaderRig.start(in: folder, workshop)
    return try await rig.serve(poll: 2, patience: 100, ticks: .milliseconds(50)) { seen in
      var tally = Tally()
      var chance = SeededChance(seed: seed)
      for turn in 0..<count {
        try await rig.order(fault(&chance))
        _ = try await put(turn, rig, &seen, &tally)
        if let lap = try await put(turn + 1, rig, &seen, &tally) {
          tally.next.append(lap)
        } else {
          tally.unread += 1
        }
      }
      return tally
    }
  }

  /// Any fault, on whichever answer comes next or on that to one request.
  private static func fault(_ chance: inout SeededChance) -> String {
    let kinds = ReaderFault.Kind.allCases.filter { $0 != .status }
    let requests: [ReaderCommand?] = [nil, .find, .select, .read]
    let kind = kinds[Int(chance.next() % UInt64(kinds.count))]
    let request = requests[Int(chance.next() % UInt64(requests.count))]
    return "fault \(kind.rawValue)" + (request.map { " " + String($0.rawValue, radix: 16) } ?? "")
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
        if resident != card.holder { tally.wrong += 1 }
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

extension SimulatedCard {
  fileprivate var holder: Resident {
    Resident(
      name: name, sex: sex, ethnicity: ethnicity, birth: birth, address: address, idNumber: idNumber,
      issuer: issuer, validFrom: validFrom, validTo: validTo)
  }
}
