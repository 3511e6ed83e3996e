// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Records

@testable import CardReaders

/// A board that keeps what it hears in order.
struct HeardBoard: HealthBoard {
  let heard: AsyncStream<DeviceState>.Continuation
  func report(_ device: String, _ state: DeviceState) { heard.yield(state) }
}

/// What a running reader said, one thing at a time; `nil` when the test took too long.
struct Said {
  var events: AsyncStream<CardEvent>.Iterator
  var states: AsyncStream<DeviceState>.Iterator
  let reader: SDTCardReader<HurriedClock>

  mutating func event() async -> CardEvent? { await events.next(isolation: #isolation) }
  mutating func state() async -> DeviceState? { await states.next(isolation: #isolation) }
}

/// Every pause is the shortest that chance allows.
struct NoChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

/// The model of the house with patience for a busy machine, longer than a test may take.
func model(
  patience: Int = 200_000, presence: ReaderModel.Presence = .address
) -> ReaderModel {
  ReaderModel(
    id: "sdt-serial", driver: .sdt, link: .serial(baud: .baud115200), pollMilliseconds: 250,
    timeoutMilliseconds: .init(find: patience, select: patience, read: patience),
    presence: presence)
}

typealias Opening = @Sendable () async throws(LinkFault) -> any ByteLink

/// Runs the real driver on the real link to `device`, or on what `open` gives, while `body`
/// plays; discards the device unless it is to be `kept`.
func running(
  _ device: ScriptedReader, model: ReaderModel = model(), clock: HurriedClock = HurriedClock(),
  open: Opening? = nil, rate: LineRate? = nil, portraits: any PortraitDecoder = NoPortrait(),
  kept: Bool = false, _ body: (inout Said) async throws -> Void
) async throws {
  defer { if !kept { device.discard() } }
  let (events, event) = AsyncStream<CardEvent>.makeStream()
  let (states, state) = AsyncStream<DeviceState>.makeStream()
  let path = device.path
  let serial: Opening = { () throws(LinkFault) in
    try await SerialLink.open(path: path, baud: .baud115200)
  }
  let reader = SDTCardReader(
    model: model, open: open ?? serial, rate: rate, clock: clock,
    supervisor: DeviceSupervisor(
      place: "reader", bus: nil, absent: .readerGone, clock: clock, chance: NoChance(),
      health: HeardBoard(heard: state)),
    portraits: portraits)
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await reader.run { event.yield($0) } }
    var said = Said(
      events: events.makeAsyncIterator(), states: states.makeAsyncIterator(), reader: reader)
    try await body(&said)
    group.cancelAll()
  }
}
