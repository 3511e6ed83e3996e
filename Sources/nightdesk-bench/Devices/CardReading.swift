// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import DeviceLinks
import Glibc

/// Our part of a card read: from the find that finds it to the event, beside the same three
/// turns without a driver.
enum CardReading {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("devices: card reads over a pseudo-terminal")
    let folder = try workshop.folder.inner("reads")
    defer { folder.remove() }
    let rig = try await ReaderRig.start(in: folder, workshop)
    let count = workshop.count(300, quick: 20)
    let played = try await Rounds.play(
      workshop.rounds, { _ in try await bare(count, rig) }, { _ in try await read(count, rig) })
    let milliseconds = { (laps: Laps, share: Double) in (laps.seconds.percentile(share) ?? 0) * 1000 }
    let (floor, ours) = (
      played.first.map { milliseconds($0, 0.5) }, played.second.map { milliseconds($0, 0.5) }
    )
    return [
      Row(
        name: "devices.read", what: "find, select, read of a card, to the event; floor: the bare turns",
        unit: "ms", ours: ours, floor: floor),
      Row(
        name: "devices.read-above", what: "what the driver and its link take of it", unit: "ms",
        ours: zip(ours, floor).map { $0 - $1 }, goal: .atMost(0.5)),
      Row(
        name: "devices.read-p99", what: "99 of 100 cards are read within this", unit: "ms",
        ours: played.second.map { milliseconds($0, 0.99) },
        floor: played.first.map { milliseconds($0, 0.99) }, goal: .atMost(2)),
    ]
  }

  private static func read(_ count: Int, _ rig: ReaderRig) async throws -> Laps {
    try await rig.serve(poll: 2) { seen in
      var laps = Laps(capacity: count)
      for turn in 0..<count {
        try await rig.order("put \(turn)")
        guard let card = await seen.next(isolation: #isolation), case .presented? = card.event else {
          throw BenchFault("no card was read")
        }
        // A find of the next look may have been written meanwhile.
        if card.at > rig.find { laps.add(card.at - rig.find) }
        try await rig.order("take")
        guard case .removed? = await seen.next(isolation: #isolation)?.event else {
          throw BenchFault("the card stays")
        }
      }
      return laps
    }
  }

  private static func bare(_ count: Int, _ rig: ReaderRig) async throws -> Laps {
    try await rig.order("put 0")
    let path = rig.link
    let laps = try await OwnThread.run {
      let line = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
      guard line >= 0 else { throw BenchFault("\(path) cannot be opened") }
      defer { close(line) }
      var settings = termios()
      tcgetattr(line, &settings)
      cfmakeraw(&settings)
      cfsetspeed(&settings, speed_t(B115200))
      tcsetattr(line, TCSANOW, &settings)
      var laps = Laps(capacity: count)
      for _ in 0..<count {
        let start = Stopwatch.now
        try turn(.find, 15, line)
        try turn(.select, 19, line)
        try turn(.read, 1295, line)
        laps.add(Stopwatch.now - start)
      }
      return laps
    }
    try await rig.order("take")
    return laps
  }

  private static func turn(_ request: SDTRequest, _ size: Int, _ line: Int32) throws {
    let frame = request.frame
    guard write(line, frame, frame.count) == frame.count else { throw BenchFault("the line takes nothing") }
    var buffer = [UInt8](repeating: 0, count: 2048)
    var count = 0
    while count < size {
      let came = Glibc.read(line, &buffer, buffer.count)
      guard came > 0 else { throw BenchFault("the line gives nothing") }
      count += came
    }
  }
}
