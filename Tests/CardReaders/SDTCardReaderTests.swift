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

  @Test("each kind of document is read", arguments: [ReaderModel.Presence.find, .address])
  func documents(presence: ReaderModel.Presence) async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device, model: model(presence: presence)) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for person in Specimen.all {
        device.put(Specimen.block(person))
        #expect(await said.event() == .presented(person, lying: false))
        device.put(nil)
        #expect(await said.event() == .removed)
      }
    }
  }

  @Test("every status that blames the card makes a read one that is to be put on again")
  func cardsToBlame() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for status: UInt8 in [0x31, 0x32, 0x33, 0x37, 0x3F, 0x40, 0x41, 0x47] {
        device.set { script in
          script.card = first
          script.spoil = { command, reply in
            command == [0x30, 0x01] ? frame([0x69, 0x88, status]) : reply
          }
        }
        #expect(await said.event() == .unreadable)
        device.set { $0.spoil = { $1 } }
        device.put(nil)
        #expect(await said.event() == .removed)
      }
      device.unplug()
      #expect(await said.state() == .absent(.readerGone))
    }
  }

  @Test("a card that is found once only is said to be gone late, and seen when put on anew")
  func foundOnce() async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.findsAgain = false }
    var model = model(presence: .none)
    model.pollMilliseconds = 1000
    let clock = HurriedClock()
    try await running(device, model: model, clock: clock) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      await passLooks(5, of: device)
      let finds = device.finds
      device.put(first)
      #expect(await said.event() == .removed)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      #expect(await said.event() == .removed)
      #expect(device.finds - finds >= 180)
    }
  }

  @Test("a photo goes to the decoder that is fitted, and its picture goes with the card")
  func portrait() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device, portraits: LengthOfPhoto()) { said in
      device.put(first)
      #expect(await said.event()?.isPresented == true)
      #expect(said.reader.portrait == Portrait(width: 1024, height: 1, dots: [7]))
      device.put(nil)
      #expect(await said.event() == .removed)
      #expect(said.reader.portrait == nil)
    }
  }

  @Test("a reader that tells its module's number is known by it")
  func moduleNumber() async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.module = hex("05000100 09B83201 05BE1200 ADC5B111") }
    try await running(device) { said in
      device.put(first)
      #expect(await said.event()?.isPresented == true)
      device.put(nil)
      #expect(await said.event() == .removed)
      #expect(said.reader.moduleNumber?.description == "05.01-20101129-0001228293-0296863149")
    }
  }

  @Test("a card of an unknown kind, and one with a broken text, are unreadable")
  func otherKinds() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for letter: UInt16 in [0x5A, 0xDFB7] {
        device.put(Specimen.block(Specimen.first, letter: letter))
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

/// A picture that shows which photo it was made of.
private struct LengthOfPhoto: PortraitDecoder {
  func portrait(_ photo: [UInt8]) async -> Portrait? {
    Portrait(width: photo.count, height: 1, dots: [photo[1]])
  }
}

extension CardEvent {
  fileprivate var isPresented: Bool {
    guard case .presented = self else { return false }
    return true
  }
}
