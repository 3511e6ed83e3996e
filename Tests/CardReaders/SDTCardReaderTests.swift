// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization
import Testing

@testable import CardReaders

private let first = Specimen.block(Specimen.first)
private let second = Specimen.block(Specimen.second)

@Suite("A card reader on a real line", .serialized, .timeLimit(.minutes(3)))
struct SDTCardReaderTests {
  @Test(
    "put on, read, taken off, put on again, another card",
    arguments: [ReaderModel.Presence.find, .address])
  func ordinary(presence: ReaderModel.Presence) async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device, model: model(presence: presence)) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for card in [first, first, second] {
        device.put(card)
        let person = card == first ? Specimen.first : Specimen.second
        #expect(await said.event() == .presented(person, lying: false))
        device.put(nil)
        #expect(await said.event() == .removed)
      }
    }
  }

  @Test("a card that lay there at the start is said to lie, until it was off and on again")
  func lying() async throws {
    let device = try ScriptedReader()
    device.put(first)
    try device.plug()
    try await running(device) { said in
      #expect(await said.event() == .presented(Specimen.first, lying: true))
      device.put(nil)
      #expect(await said.event() == .removed)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
    }
  }

  @Test("cards exchanged while the reader was never empty are told apart")
  func exchanged() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      device.put(second)
      #expect(await said.event() == .removed)
      #expect(await said.event() == .presented(Specimen.second, lying: false))
    }
  }

  @Test("a reader that finds no card it has read once keeps it until it is taken off")
  func findsOnce() async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.findsAgain = false }
    let clock = HurriedClock()
    try await running(device, clock: clock) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      let looks = clock.pauses.count
      while clock.pauses.count < looks + 10, !Task.isCancelled { await Task.yield() }
      device.put(second)
      #expect(await said.event() == .removed)
      #expect(await said.event() == .presented(Specimen.second, lying: false))
    }
  }

  @Test("the newest address is the one that is taken")
  func newestAddress() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      var moved = Specimen.first
      moved.address = Specimen.second.address
      let added = Array(Specimen.block(moved)[52..<122])
      device.set { script in
        script.newestAddress = added
        script.card = first
      }
      guard case .presented(let resident, _) = await said.event() else {
        Issue.record("no card was presented")
        return
      }
      #expect(resident == moved)
    }
  }

  @Test("an unreadable card is said once, and read after it was put on again")
  func unreadable() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.set { script in
        script.card = first
        script.readFails = true
      }
      #expect(await said.event() == .unreadable)
      device.set { $0.readFails = false }
      await passLooks(5, of: device)
      device.put(nil)
      #expect(await said.event() == .removed)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
    }
  }

  @Test("a card of another kind, and one with a broken text, are unreadable")
  func otherKinds() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for letter: UInt16 in [0x4A, 0xDFB7] {
        device.put(Specimen.block(Specimen.first, kind: letter))
        #expect(await said.event() == .unreadable)
        device.put(nil)
        #expect(await said.event() == .removed)
      }
    }
  }

  @Test("a card pulled before it was selected makes no event")
  func pulledEarly() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.set { script in
        script.card = first
        script.spoil = { command, reply in
          guard command == [0x20, 0x02] else { return reply }
          device.put(nil)
          return frame([0, 0, 0x81])
        }
      }
      await passLooks(5, of: device)
      device.set { script in
        script.card = second
        script.spoil = { $1 }
      }
      #expect(await said.event() == .presented(Specimen.second, lying: false))
    }
  }

  @Test(
    "a thousand cards, one reply in ten damaged: no wrong field, no card lost",
    arguments: [ReaderModel.Presence.find, .address])
  func thousand(presence: ReaderModel.Presence) async throws {
    let device = try ScriptedReader()
    try device.plug()
    let count = Mutex(0)
    device.set { script in
      script.spoil = { _, reply in
        let number = count.withLock { count in
          count += 1
          return count
        }
        return number % 10 == 0
          ? [ScriptedReader.Damage.wrongBit, .noiseBefore, .stale][number / 10 % 3].spoil(reply)
          : reply
      }
    }
    try await running(device, model: model(presence: presence)) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for index in 0..<1000 {
        let person = Specimen.person(index)
        device.put(Specimen.block(person))
        #expect(await said.event() == .presented(person, lying: false))
        device.put(nil)
        #expect(await said.event() == .removed)
      }
    }
  }
}

/// Waits until the driver has looked for a card so many times more.
private func passLooks(_ count: Int, of device: ScriptedReader) async {
  let goal = device.finds + count
  while device.finds < goal, !Task.isCancelled { await Task.yield() }
}
