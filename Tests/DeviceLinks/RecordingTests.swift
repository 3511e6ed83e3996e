// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import DeviceLinks

@Suite("Recording a link")
struct RecordingLinkTests {
  private let clock = HandClock()

  @Test("keeps all that passes, in order, with its times, and hands it through unchanged")
  func everything() async throws {
    let recorder = ExchangeRecorder(clock: clock, scrubber: KeepsAll())
    let script = ScriptedLink([.success([1, 2]), .failure(.babble)], clock: clock)
    let link = RecordingLink(script, recorder: recorder)
    try await link.write([9], within: ages)
    #expect(try await link.read(upTo: 5, within: ages) == [1, 2])
    await #expect(throws: LinkFault.babble) { try await link.read(upTo: 5, within: ages) }
    try await link.reset()
    try await link.setBaud(.baud19200)
    await link.close()
    let failing = RecordingLink(ScriptedLink([], writing: .stalled, clock: clock), recorder: recorder)
    await #expect(throws: LinkFault.stalled) { try await failing.write([8], within: ages) }
    let expected: [(Int, Exchange.Event)] = [
      (10, .wrote([9])), (20, .read([1, 2])), (30, .readFailed(.babble)), (30, .reset),
      (30, .baud(.baud19200)), (30, .closed), (40, .writeFailed(.stalled)),
    ]
    #expect(
      recorder.recording().exchanges == expected.map { Exchange(at: .milliseconds($0.0), event: $0.1) })
  }

  @Test("keeps openings, and of failures of one kind on end a single one")
  func openings() async throws {
    let recorder = ExchangeRecorder(clock: clock, scrubber: KeepsAll())
    for fault: LinkFault in [.gone, .gone, .denied, .gone] {
      await #expect(throws: fault) {
        try await recorder.opening { () throws(LinkFault) in throw fault }
      }
    }
    let script = ScriptedLink([.success([1])], clock: clock)
    let link = try await recorder.opening { script }
    _ = try await link.read(upTo: 5, within: ages)
    #expect(
      recorder.recording().exchanges.map(\.event) == [
        .openFailed(.gone), .openFailed(.denied), .openFailed(.gone), .opened, .read([1]),
      ])
  }

  @Test("shows what the scrubber left, and all of it only when asked to")
  func scrubbed() async throws {
    let recorder = ExchangeRecorder(clock: clock, scrubber: TakesReadings())
    let link = RecordingLink(ScriptedLink([.success([1, 2])], clock: clock), recorder: recorder)
    _ = try await link.read(upTo: 5, within: ages)
    #expect(recorder.recording(remarks: ["a"]).exchanges.map(\.event) == [.read([0, 0])])
    let open = recorder.recording(remarks: ["a"], showPersonal: true)
    #expect(open.exchanges.map(\.event) == [.read([1, 2])])
    #expect(open.remarks.count == 2 && open.remarks[1].contains("personal"))
  }

  @Test("stops when it is full, says so, and the link goes on")
  func full() async throws {
    let recorder = ExchangeRecorder(
      clock: clock, scrubber: KeepsAll(), limits: (exchanges: 2, bytes: 100))
    let link = RecordingLink(
      ScriptedLink([.success([1]), .success([2]), .success([3])], clock: clock), recorder: recorder)
    for byte: UInt8 in 1...3 { #expect(try await link.read(upTo: 5, within: ages) == [byte]) }
    #expect(recorder.recording().exchanges.map(\.event) == [.read([1]), .read([2])])
    #expect(recorder.recording().remarks == ["Breaks off where the recorder was full."])
  }
}

@Suite("Playing a recording")
struct PlayedLinkTests {
  private func player(_ events: Exchange.Event..., every pace: Duration = .seconds(1)) -> PlayedLink {
    let exchanges = events.enumerated().map { Exchange(at: pace * $0.offset, event: $0.element) }
    return PlayedLink(ExchangeFile(exchanges: exchanges))
  }

  @Test("answers as recorded, in the pieces asked for")
  func answers() async throws {
    let link = player(.wrote([1]), .read([2, 3, 4]), .readFailed(.babble), .reset, .baud(.baud9600), .closed)
    try await link.write([1], within: ages)
    #expect(try await link.read(upTo: 2, within: ages) == [2, 3])
    #expect(try await link.read(upTo: 2, within: ages) == [4])
    await #expect(throws: LinkFault.babble) { try await link.read(upTo: 2, within: ages) }
    try await link.reset()
    try await link.setBaud(.baud9600)
    #expect(!link.isOver)
    await link.close()
    #expect(link.isOver && link.difference == nil)
    await #expect(throws: LinkFault.gone) { try await link.read(upTo: 2, within: ages) }
    await #expect(throws: LinkFault.gone) { try await link.write([1], within: ages) }
    #expect(link.difference == nil)
  }

  @Test("can be opened, or not, as when it was recorded")
  func openings() async throws {
    let link = player(
      .opened, .wrote([1]), .readFailed(.gone), .closed, .openFailed(.gone), .openFailed(.denied), .opened,
      .wrote([2]))
    try await link.open().write([1], within: ages)
    await #expect(throws: LinkFault.gone) { try await link.read(upTo: 2, within: ages) }
    await link.close()
    await #expect(throws: LinkFault.gone) { _ = try await link.open() }
    await #expect(throws: LinkFault.denied) { _ = try await link.open() }
    try await link.open().write([2], within: ages)
    #expect(link.isOver && link.difference == nil)
    await #expect(throws: LinkFault.gone) { _ = try await link.open() }
  }

  @Test("an opening where none was recorded is a difference, unless none is told at all")
  func otherOpening() async throws {
    let link = player(.opened, .wrote([1]))
    _ = try await link.open()
    await #expect(throws: LinkFault.gone) { _ = try await link.open() }
    #expect(link.difference?.met == .opened)
    let silent = player(.wrote([1]), .wrote([2]))
    try await silent.open().write([1], within: ages)
    try await silent.open().write([2], within: ages)
    #expect(silent.isOver && silent.difference == nil)
  }

  @Test("says where a driver writes something else, and is gone from there on")
  func otherBytes() async throws {
    let link = player(.wrote([1]), .read([2]), .wrote([3, 4]))
    try await link.write([1], within: ages)
    _ = try await link.read(upTo: 9, within: ages)
    await #expect(throws: LinkFault.gone) { try await link.write([3, 5], within: ages) }
    #expect(
      link.difference
        == PlayedLink.Difference(exchange: 3, recorded: .wrote([3, 4]), met: .wrote([3, 5])))
    await #expect(throws: LinkFault.gone) { try await link.write([3, 4], within: ages) }
    #expect(link.difference?.exchange == 3)
  }

  @Test("an answer that was not read to its end, and another order, are differences")
  func unread() async throws {
    let link = player(.read([1, 2]), .wrote([3]))
    _ = try await link.read(upTo: 1, within: ages)
    await #expect(throws: LinkFault.gone) { try await link.write([3], within: ages) }
    #expect(link.difference?.exchange == 1)
    let other = player(.baud(.baud9600))
    await #expect(throws: LinkFault.gone) { try await other.setBaud(.baud57600) }
    #expect(other.difference?.met == .baud(.baud57600))
  }

  @Test("looking in vain more or less often than recorded makes no difference")
  func vainReadings() async throws {
    let link = player(.readFailed(.late), .readFailed(.late), .wrote([1]), .wrote([2]))
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 9, within: ages) }
    try await link.write([1], within: ages)
    await #expect(throws: LinkFault.late) { try await link.read(upTo: 9, within: ages) }
    try await link.write([2], within: ages)
    #expect(link.isOver && link.difference == nil)
  }

  @Test("takes its time when it is to, never longer than the patience")
  func pace() async throws {
    let pauses = Mutex<[Duration]>([])
    let exchanges = [
      Exchange(at: .seconds(1), event: .read([1])), Exchange(at: .seconds(4), event: .read([2])),
    ]
    let link = PlayedLink(ExchangeFile(exchanges: exchanges)) { pause in pauses.withLock { $0.append(pause) }
    }
    _ = try await link.read(upTo: 9, within: ages)
    _ = try await link.read(upTo: 9, within: .seconds(2))
    #expect(pauses.withLock { $0 } == [.seconds(1), .seconds(2)])
  }
}
