// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Simulators
import Testing

/// What every card reader keeps on every link: the real driver, the real link, a simulated
/// reader behind it, or the recording of one. One at a time: they share the bus.
@Suite("A card reader keeps its contract", .serialized, ContractTable(), .timeLimit(.minutes(5)))
struct CardReaderContract {
  private typealias Scene = (ContractBench, inout Told) async throws -> Void

  private func play(
    _ clause: String, on link: ContractLink, patience: Int = 200_000,
    before: (ContractBench) async throws -> Void = { _ in }, _ scene: Scene
  ) async throws {
    try await ContractTable.play(clause, on: link) {
      let bench = try await ContractBench(link, scene: clause)
      defer { bench.judge() }
      try await before(bench)
      try await bench.serve(patience: patience) { told in
        try await scene(bench, &told)
        while !bench.isPlayed, !Task.isCancelled { await Task.yield() }
      }
      try bench.finish()
    }
  }

  /// The reader is ready, and the card lies on it and was read.
  private func begin(_ bench: ContractBench, _ told: inout Told) async throws {
    try await told.untilReady()
    bench.put(.first)
    try await told.expect(.presented(SimulatedCard.first.holder, lying: false))
  }

  /// A card's whole way, which shows that the reader serves as before.
  private func end(_ bench: ContractBench, _ told: inout Told) async throws {
    bench.take()
    try await told.expect(.removed)
    bench.put(.second)
    try await told.expect(.presented(SimulatedCard.second.holder, lying: false))
  }

  @Test("all links are there", .enabled(if: ContractLink.hasBus, "USB needs Kiosk/test contracts"))
  func links() { #expect(ContractLink.here == ContractLink.allCases) }

  @Test("a card is read, taken off, and another is read", arguments: ContractLink.here)
  func cards(link: ContractLink) async throws {
    try await play("a card, away, a second", on: link) { bench, told in
      try await begin(bench, &told)
      try await end(bench, &told)
    }
  }

  @Test("a second card on top of the first is another visit", arguments: ContractLink.here)
  func secondCard(link: ContractLink) async throws {
    try await play("a second on top", on: link) { bench, told in
      try await begin(bench, &told)
      bench.put(.second)
      try await told.expect(.removed)
      try await told.expect(.presented(SimulatedCard.second.holder, lying: false))
    }
  }

  @Test("pulled in the middle of a read and back again, it reads the card", arguments: ContractLink.here)
  func unpluggedReading(link: ContractLink) async throws {
    try await play("unplugged in a read", on: link) { bench, told in
      try await told.untilReady()
      bench.spoil(.silence, on: .read)
      bench.put(.first)
      await bench.awaitRead(after: 0)
      bench.unplug()
      try await told.untilTrouble("reader.gone")
      try await bench.replug()
      try await told.untilReady()
      try await told.expect(.presented(SimulatedCard.first.holder, lying: true))
      try await end(bench, &told)
    }
  }

  @Test("pulled and back with the same card, nobody notices", arguments: ContractLink.here)
  func replugged(link: ContractLink) async throws {
    try await play("unplugged, back", on: link) { bench, told in
      try await begin(bench, &told)
      for _ in 0..<3 {
        bench.unplug()
        try await told.untilTrouble("reader.gone")
        try await bench.replug()
        try await told.untilReady()
      }
      try await end(bench, &told)
    }
  }

  @Test(
    "what goes wrong once does not keep the card from being read", arguments: ContractLink.here,
    [ReaderFault.Kind.garbageFirst, .badChecksum, .shortAnswer, .silence])
  func passing(link: ContractLink, fault: ReaderFault.Kind) async throws {
    try await play("once: \(fault.rawValue)", on: link, patience: 200) { bench, told in
      try await told.untilReady()
      bench.spoil(fault, on: .read)
      bench.put(.first)
      try await told.expect(.presented(SimulatedCard.first.holder, lying: false))
      try await end(bench, &told)
    }
  }

  @Test("a reader that falls silent says so, and serves again", arguments: ContractLink.here)
  func late(link: ContractLink) async throws {
    try await play("late", on: link, patience: 100) { bench, told in
      try await begin(bench, &told)
      bench.spoil(.silence, times: 3)
      try await told.untilTrouble("reader.silent")
      try await told.untilReady()
      try await end(bench, &told)
    }
  }

  @Test(
    "without the right to open it says so, and serves when it is given",
    .enabled(if: !ContractLink.overridesRights, "this user may open everything"),
    arguments: ContractLink.here)
  func denied(link: ContractLink) async throws {
    try await play("denied", on: link) { bench, told in
      try await begin(bench, &told)
      bench.deny()
      await bench.link?.close()
      try await told.untilTrouble("reader.denied")
      bench.allow()
      try await told.untilReady()
      try await end(bench, &told)
    }
  }

  @Test("held by another program it says so, and serves when it is free", arguments: ContractLink.here)
  func busy(link: ContractLink) async throws {
    var other: (any ByteLink)?
    let hold: (ContractBench) async throws -> Void = { other = try await $0.hold() }
    try await play("busy", on: link, before: hold) { bench, told in
      try await told.untilTrouble("reader.busy")
      await other?.close()
      try await begin(bench, &told)
      try await end(bench, &told)
    }
  }

  @Test("a reset of the device goes unnoticed", arguments: ContractLink.here)
  func reset(link: ContractLink) async throws {
    // It may come between request and answer, and take the answer with it.
    try await play("reset by the bus", on: link, patience: 200) { bench, told in
      try await begin(bench, &told)
      try await bench.link?.reset()
      try await end(bench, &told)
    }
  }

  @Test(
    "a fault of the USB device while a card is read does not keep it from being read",
    arguments: ContractLink.onUSB,
    [USBSimulator.Fault.stall, .babble, .line, .empty, .split, .garbage, .shutdown])
  func faults(link: ContractLink, fault: USBSimulator.Fault) async throws {
    // After these the link is opened anew, and finds the card there.
    let reopens = [.line, .shutdown].contains(fault)
    try await play("USB: \(fault.rawValue)", on: link) { bench, told in
      try await told.untilReady()
      bench.fail(fault, at: .read)
      bench.put(.first)
      try await told.expect(.presented(SimulatedCard.first.holder, lying: reopens))
      try await end(bench, &told)
    }
  }

  @Test(
    "a request that the USB device does not take is made again",
    // A real kernel refuses no transfer by order.
    arguments: ContractLink.onUSB, [USBSimulator.Fault.outStall] + (ContractLink.isOnKernel ? [] : [.submit]))
  func refusals(link: ContractLink, fault: USBSimulator.Fault) async throws {
    try await play("USB: \(fault.rawValue)", on: link) { bench, told in
      try await begin(bench, &told)
      bench.fail(fault)
      while !bench.isThrough { await Task.yield() }
      try await end(bench, &told)
    }
  }

  @Test(
    "a device that is pulled in place of answering is gone, and comes back",
    arguments: ContractLink.onUSB)
  func removed(link: ContractLink) async throws {
    try await play("USB: remove", on: link) { bench, told in
      try await told.untilReady()
      bench.fail(.remove, at: .read)
      bench.put(.first)
      try await told.untilTrouble("reader.gone")
      try await bench.replug()
      try await told.expect(.presented(SimulatedCard.first.holder, lying: true))
      try await end(bench, &told)
    }
  }
}
