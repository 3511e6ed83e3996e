// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Glibc
import Simulators
import Testing

@testable import DeviceLinks

extension OnMockedBus {
  @Suite("devices come and go")
  struct ComingAndGoing {
    @Test("the bus tells of each change, by port")
    func presence() async throws {
      let reader = try await StagedReader(.two, plugged: false)
      let elsewhere = reader.bus.presence(of: USBMatch(vendor: 0x0400, product: 0xC35A, port: "1-9.9"))
      let other = reader.bus.presence(of: USBMatch(vendor: 0x0400, product: 0xC35B))
      #expect(!reader.bus.presence(of: reader.match).isThere)
      await #expect(throws: LinkFault.gone) { try await reader.open() }
      try await reader.plug()
      #expect(reader.bus.ports(of: reader.match) == [reader.port])
      #expect(!elsewhere.isThere)
      #expect(!other.isThere)
      await reader.unplug()
      #expect(reader.bus.ports(of: reader.match).isEmpty)
      #expect(reader.bus.lastPort(of: USBMatch(vendor: 0x0400, product: 0xC35A)) == reader.port)
    }

    @Test("a bus that is begun later sees who is there; behind a hub the port has a dot")
    func hub() async throws {
      let reader = try await StagedReader(.four, port: "2-1.4")
      let later = try USBBus()
      #expect(later.ports(of: USBMatch(vendor: 0x0400, product: 0xC35A)).contains("2-1.4"))
      let link = try await USBLink.open(reader.match, on: later)
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("two of one model are told apart by their ports")
    func twins() async throws {
      let one = try await StagedReader(.four)
      let other = try await StagedReader(.two)
      let first = try await USBLink.open(one.match, on: one.bus)
      let second = try await USBLink.open(other.match, on: one.bus)
      #expect(try await one.turn(first) == found)
      #expect(try await other.turn(second, answer: long) == long)
      await one.unplug()
      #expect(try await other.turn(second) == found)
      await first.close()
      await second.close()
    }

    @Test(
      "pulled while it is read from, it is gone; back again, it serves",
      arguments: USBSimulator.Framing.allCases)
    func pulled(framing: USBSimulator.Framing) async throws {
      let reader = try await StagedReader(framing)
      var link = try await reader.open()
      for _ in 0..<5 {
        async let fault = faultOfReading(link)
        while reader.simulator.count(reader.port, of: "pending") == 0 { await Task.yield() }
        await reader.unplug()
        #expect(await fault == .gone)
        await #expect(throws: LinkFault.gone) { try await link.write(find, within: ages) }
        await link.close()
        try await reader.plug()
        link = try await reader.open()
        #expect(try await reader.turn(link) == found)
      }
      await link.close()
    }

    @Test("pulled in place of an answer")
    func pulledAnswering() async throws {
      let reader = try await StagedReader(.four)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, .remove, at: .find)
      await #expect(throws: LinkFault.gone) { try await reader.turn(link) }
      await reader.seen(false)
      await link.close()
    }

    @Test("no descriptor is left of a hundred plugs")
    func noLeak() async throws {
      let reader = try await StagedReader(.two)
      func plugOnce() async throws {
        let link = try await reader.open()
        #expect(try await reader.turn(link) == found)
        await reader.unplug()
        await link.close()
        try await reader.plug()
      }
      try await plugOnce()
      let before = openDescriptors()
      for _ in 0..<100 { try await plugOnce() }
      #expect(openDescriptors() == before)
    }
  }

  @Suite("a link ends")
  struct Endings {
    @Test("closing ends a waiting read; a closed link is gone; closing twice is harmless")
    func closing() async throws {
      let reader = try await StagedReader(.four)
      let link = try await reader.open()
      async let fault = faultOfReading(link)
      while reader.simulator.count(reader.port, of: "pending") == 0 { await Task.yield() }
      async let other: Void = link.close()
      await link.close()
      await other
      #expect(await fault == .gone)
      await #expect(throws: LinkFault.gone) { try await link.write(find, within: ages) }
      await #expect(throws: LinkFault.gone) { try await link.reset() }
      await link.close()
      #expect(reader.simulator.count(reader.port, of: "pending") == 0)
    }

    @Test("cancelling ends a waiting read at once, and the link still works", arguments: 0..<20)
    func cancelling(round: Int) async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      let fault = await withTaskGroup(of: LinkFault?.self) { group in
        group.addTask { await faultOfReading(link) }
        // Before, while and after it is on its way.
        for _ in 0..<round { await Task.yield() }
        group.cancelAll()
        return await group.next() ?? nil
      }
      #expect(fault == .late)
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("cancelling or closing ends a rest at once")
    func resting() async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      let rest: @Sendable () async -> LinkFault? = {
        do throws(LinkFault) {
          try await link.rest(for: .seconds(36_000), by: ContinuousClock())
          return nil
        } catch {
          return error
        }
      }
      let cancelled = await withTaskGroup(of: LinkFault?.self) { group in
        group.addTask { await rest() }
        group.cancelAll()
        return await group.next() ?? .babble
      }
      #expect(cancelled == nil)
      #expect(try await reader.turn(link) == found)
      async let closed = rest()
      await link.close()
      #expect(await closed == .gone)
    }

    @Test("a forgotten link lets go of the device")
    func forgotten() async throws {
      let reader = try await StagedReader(.two)
      let before = openDescriptors()
      _ = try await reader.open()
      while openDescriptors() > before { await Task.yield() }
      let link = try await reader.open()
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("a bus and its links may be forgotten in any order")
    func order() async throws {
      let reader = try await StagedReader(.two)
      let before = openDescriptors()
      for _ in 0..<20 {
        let bus = try USBBus()
        let link = try await USBLink.open(reader.match, on: bus)
        #expect(try await reader.turn(link) == found)
      }
      while openDescriptors() > before { await Task.yield() }
    }

    @Test("a reset ends what is under way, drops what was said, and the link works on")
    func reset() async throws {
      let reader = try await StagedReader(.four)
      let link = try await reader.open()
      async let fault = faultOfReading(link)
      while reader.simulator.count(reader.port, of: "pending") == 0 { await Task.yield() }
      try await link.reset()
      #expect(await fault == .late)
      try await link.write(find, within: ages)
      _ = reader.terminal.hear(find.count)
      reader.terminal.say(long)
      #expect(try await link.read(upTo: 3, within: ages) == Array(long.prefix(3)))
      try await link.reset()
      #expect(reader.simulator.count(reader.port, of: "resets") == 2)
      #expect(try await reader.turn(link) == found)
      await link.close()
    }

    @Test("a device that does not come back from its reset is gone")
    func lostByReset() async throws {
      let reader = try await StagedReader(.two)
      let link = try await reader.open()
      reader.simulator.fail(reader.port, .resetGone)
      await #expect(throws: LinkFault.gone) { try await link.reset() }
      await link.close()
    }
  }
}

private func openDescriptors() -> Int {
  (0..<1024).count { fcntl($0, F_GETFD) >= 0 }
}
