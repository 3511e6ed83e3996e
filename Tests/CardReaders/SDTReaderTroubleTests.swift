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
      for number in 0..<200 {
        // Twenty times within an hour are told.
        #expect(await said.state() == (number < 20 ? .ready : .attention(.deviceFailing)))
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

  static let refusals: [(UInt8, Problem)] = [
    (0x60, .readerModuleDown), (0x66, .readerNotAuthorised), (0x23, .readerNotAuthorised),
    (0x21, .readerWrongModel), (0x10, .readerGarbled), (0x11, .readerGarbled), (0x24, .readerGarbled),
    (0x56, .readerGarbled),
  ]

  @Test("a reader that refuses every command says why, and its end", arguments: refusals)
  func refuses(status: UInt8, problem: Problem) async throws {
    let device = try ScriptedReader()
    try device.plug()
    device.set { $0.status = status }
    try await running(device) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .failed(problem))
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

  @Test("it waits longer and longer, 0.4 to 0.8 s in the end, between its tries to open")
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
      #expect(Array(pauses) == [100, 200, 400, 400, 400].map { Duration.milliseconds($0) })
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
