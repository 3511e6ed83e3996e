// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Glibc
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

@Suite("A card reader in trouble", .serialized, .timeLimit(.minutes(3)))
struct SDTReaderTroubleTests {
  @Test("pulled and plugged in again it comes back; the same card makes no event")
  func linkGone() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.put(first)
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      device.unplug()
      #expect(await said.state() == .absent(.readerGone))
      try device.plug()
      #expect(await said.state() == .ready)
      device.unplug()
      #expect(await said.state() == .absent(.readerGone))
      device.put(second)
      try device.plug()
      #expect(await said.state() == .ready)
      #expect(await said.event() == .removed)
      #expect(await said.event() == .presented(Specimen.second, lying: true))
      device.unplug()
      #expect(await said.state() == .absent(.readerGone))
      device.put(nil)
      try device.plug()
      #expect(await said.event() == .removed)
    }
  }

  @Test("plugged in after the start")
  func pluggedLater() async throws {
    let device = try ScriptedReader()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .absent(.readerGone))
      try device.plug()
      #expect(await said.state() == .ready)
    }
  }

  @Test("pulled and plugged in two hundred times it comes back, and no descriptor is left")
  func manyTimes() async throws {
    let device = try ScriptedReader()
    try device.plug()
    let before = descriptors()
    try await running(device) { said in
      #expect(await said.state() == .starting)
      for _ in 0..<200 {
        #expect(await said.state() == .ready)
        device.unplug()
        #expect(await said.state() == .absent(.readerGone))
        try device.plug()
      }
    }
    // Other suites open some at the same time; a leak would make two hundred.
    #expect(descriptors() - before < 100)
  }

  @Test("silence is told after three looks")
  func threeLooks() async throws {
    let device = try ScriptedReader()
    let link = MuteLink()
    let open: Opening = { link }
    try await running(device, open: open) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .failed(.readerSilent))
      #expect(link.firstClosing == 3)
    }
  }

  @Test("silence is told on a real line, and its end")
  func silence() async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device, model: model(patience: 30)) { said in
      #expect(await said.state() == .starting)
      device.set { $0.silent = true }
      var states: [DeviceState?] = [await said.state()]
      if states == [.ready] { states = [await said.state()] }
      #expect(states == [.failed(.readerSilent)])
      device.set { $0.silent = false }
      #expect(await said.state() == .ready)
    }
  }

  @Test(
    "one damaged reply costs a look, no state and no event",
    arguments: [
      ScriptedReader.Damage.wrongBit, .noiseBefore, .cutShort, .longLength, .displaced, .stale,
    ], [0x2001, 0x2002, 0x3001, 0x3003])
  func damagedOnce(damage: ScriptedReader.Damage, command: Int) async throws {
    let device = try ScriptedReader()
    try device.plug()
    try await running(device, model: model(patience: 250)) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      let left = Mutex<Set<Int>>([command])
      device.set { script in
        script.card = first
        script.spoil = { bytes, reply in
          let command = Int(bytes[0]) << 8 | Int(bytes[1])
          return left.withLock { $0.remove(command) } == nil ? reply : damage.spoil(reply)
        }
      }
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      #expect(left.withLock { $0.isEmpty })
      device.put(nil)
      #expect(await said.event() == .removed)
      device.unplug()
      #expect(await said.state() == .absent(.readerGone))
    }
  }

  @Test("damage that goes on is told, and its end")
  func damagedLong() async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.spoil = { ScriptedReader.Damage.wrongBit.spoil($1) } }
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .failed(.readerGarbled))
      device.set { $0.spoil = { $1 } }
      #expect(await said.state() == .ready)
    }
  }

  @Test("a security module that takes no commands is told, and its end", arguments: [0x60, 0x66])
  func moduleDown(status: UInt8) async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.status = status }
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .failed(.readerModuleDown))
      device.set { $0.status = nil }
      #expect(await said.state() == .ready)
    }
  }

  @Test(
    "each fault of opening has its problem",
    arguments: [
      (LinkFault.gone, DeviceState.absent(.readerGone)), (.denied, .failed(.readerDenied)),
      (.busy, .failed(.readerBusy)), (.broken(25), .failed(.readerUnusable)),
    ])
  func opening(fault: LinkFault, state: DeviceState) async throws {
    let device = try ScriptedReader()
    let open: Opening = { () throws(LinkFault) in throw fault }
    try await running(device, open: open) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == state)
    }
  }

  @Test("it waits 0.2, 0.4, then 0.8 s between its tries to open")
  func backOff() async throws {
    let device = try ScriptedReader()
    let clock = HurriedClock()
    let tries = Mutex(0)
    let open: Opening = { () throws(LinkFault) in
      let number = tries.withLock { tries in
        tries += 1
        return tries
      }
      guard number == 6 else { throw .gone }
      return try await SerialLink.open(path: device.path, baud: .baud115200)
    }
    try await running(device, clock: clock, open: open) { said in
      try device.plug()
      #expect(await said.state() == .starting)
      #expect(await said.state() == .absent(.readerGone))
      #expect(await said.state() == .ready)
      let pauses = clock.pauses.prefix(5)
      #expect(Array(pauses) == [200, 400, 800, 800, 800].map { Duration.milliseconds($0) })
    }
  }

  @Test("cancelling ends it at once, whatever it waits for, and closes its link")
  func cancelling() async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.silent = true }
    try await running(device, kept: true) { said in
      #expect(await said.state() == .starting)
      // One look at most: the first waits for its answer longer than this test may take.
      while device.finds < 1, !Task.isCancelled { await Task.yield() }
    }
    // The lock of a link that was not closed would make this one busy.
    let link = try await SerialLink.open(path: device.path, baud: .baud115200)
    await link.close()
    device.discard()
  }
}

/// Takes requests, never answers.
private final class MuteLink: ByteLink {
  private let requests = Mutex(0)
  private let closing = Mutex<Int?>(nil)

  /// How many requests had come when it was closed for the first time.
  var firstClosing: Int? { closing.withLock { $0 } }

  func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    requests.withLock { $0 += 1 }
  }

  func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    throw .late
  }

  func close() async {
    let count = requests.withLock { $0 }
    closing.withLock { $0 = $0 ?? count }
  }
}

/// How many files this process holds open.
private func descriptors() -> Int {
  (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
}

/// Waits until the driver has looked for a card so many times more.
private func passLooks(_ count: Int, of device: ScriptedReader) async {
  let goal = device.finds + count
  while device.finds < goal, !Task.isCancelled { await Task.yield() }
}
