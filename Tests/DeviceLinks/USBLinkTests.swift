// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Glibc
import Simulators
import Testing

@testable import DeviceLinks

private typealias Framing = USBSimulator.Framing

/// Every suite of USB that needs the bus; one at a time, since they share it.
@Suite("On a USB bus", .serialized, .enabled(if: USBStage.isSet, USBStage.why), .timeLimit(.minutes(3)))
struct OnMockedBus {}

extension OnMockedBus {
  @Suite("a link carries bytes")
  struct Bytes {
    @Test("both ways, on endpoints of each kind", arguments: Framing.allCases)
    func turns(framing: USBSimulator.Framing) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      #expect(link.framing == (framing == .four ? .fourPipes : .twoPipes))
      #expect(link.port == reader.port)
      for answer in [found, long, found] {
        #expect(try await reader.turn(link, answer: answer) == answer)
      }
      await link.close()
    }

    @Test("a whole answer by one read where it comes on one pipe")
    func whole() async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(long)
      #expect(try await link.read(upTo: 2048, within: ages) == long)
      await link.close()
    }

    @Test("in pieces of any size", arguments: Framing.allCases)
    func pieces(framing: USBSimulator.Framing) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(long)
      var came: [UInt8] = []
      var size = 0
      while came.count < long.count {
        size += 1
        let piece = try await link.read(upTo: size, within: ages)
        #expect((1...size).contains(piece.count))
        came += piece
      }
      #expect(came == long)
      await link.close()
    }

    @Test(
      "whatever its packets are", arguments: Framing.allCases,
      [USBSimulator.Fault.empty, .split])
    func packets(framing: USBSimulator.Framing, fault: USBSimulator.Fault) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, fault)
      #expect(try await reader.turn(link, answer: long) == long)
      await link.close()
    }

    @Test("also what is noise, and the rest of an answer that broke off", arguments: Framing.allCases)
    func noise(framing: USBSimulator.Framing) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, .garbage)
      reader.simulator.fail(reader.port, .short)
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(found)
      #expect(try await reader.whole(link, found.count + 6).suffix(found.count) == found[...])
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(found)
      #expect(try await reader.whole(link, found.count - 3) == found.dropLast(3))
      #expect(try await reader.turn(link, answer: long) == long)
      await link.close()
    }

    @Test("a reader that answers nothing is late, at once without patience", arguments: Framing.allCases)
    func late(framing: USBSimulator.Framing) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      #expect(await faultOfReading(link, within: .milliseconds(20)) == .late)
      #expect(await faultOfReading(link, within: .zero) == .late)
      reader.simulator.fail(reader.port, .outSilence)
      await #expect(throws: LinkFault.stalled) { try await link.write(find, within: .milliseconds(20)) }
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("an answer that was given up in its middle does not spoil the next")
    func givenUp() async throws {
      let reader = try await StagedReader(.four)
      let link = try await reader.open()
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(long)
      #expect(try await link.read(upTo: 2048, within: ages) == Array(long.prefix(7)))
      #expect(try await reader.turn(link) == found)
      await link.close()
    }
  }

  @Suite("a link tells what is wrong")
  struct Faults {
    @Test(
      "and works on after it", arguments: Framing.allCases,
      [(USBSimulator.Fault.stall, LinkFault.stalled), (.babble, .babble), (.line, .gone)])
    func passing(framing: USBSimulator.Framing, case fault: (USBSimulator.Fault, LinkFault)) async throws {
      let reader = try await StagedReader(framing)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, fault.0)
      await #expect(throws: fault.1) { try await reader.turn(link, answer: long) }
      #expect(try await reader.turn(link) == found)
      #expect(reader.simulator.count(reader.port, of: "cleared") == (fault.0 == .stall ? 1 : 0))
      await link.close()
    }

    @Test("when writing too")
    func writing() async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, .outStall)
      await #expect(throws: LinkFault.stalled) { try await link.write(find, within: ages) }
      #expect(reader.simulator.count(reader.port, of: "cleared") == 1)
      reader.simulator.fail(reader.port, .submit)
      await #expect(throws: LinkFault.gone) { try await link.write(find, within: ages) }
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("when the kernel says that the device is gone", arguments: [USBSimulator.Fault.gone, .shutdown])
    func gone(fault: USBSimulator.Fault) async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, fault)
      await #expect(throws: LinkFault.gone) { try await reader.turn(link) }
      await link.close()
      let next = try await reader.open()
      #expect(try await reader.turn(next) == found)
      await next.close()
    }

    @Test("when another program holds the device")
    func busy() async throws {
      let reader = try await StagedReader(.four)
      reader.simulator.fail(reader.port, .busy)
      await #expect(throws: LinkFault.busy) { try await reader.open() }
      let link = try await reader.open()
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test(
      "when the device may not be opened",
      .enabled(if: !USBStage.overrides, "this user may open everything"))
    func denied() async throws {
      let reader = try await StagedReader(.four)
      reader.simulator.order("deny \(reader.port)")
      await #expect(throws: LinkFault.denied) { try await reader.open() }
      #expect(reader.bus.presence(of: reader.match).isThere)
      reader.simulator.order("allow \(reader.port)")
      let link = try await reader.open()
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("when its descriptors show other pipes than asked for")
    func unfit() async throws {
      let reader = try await StagedReader(.two)
      await #expect(throws: LinkFault.broken(ENOTSUP)) {
        try await USBLink.open(reader.match, framing: .fourPipes, on: reader.bus)
      }
    }
  }
}
