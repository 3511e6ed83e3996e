// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import DeviceLinks
import Records
import Simulators
import Testing

/// What a running reader tells, one thing at a time.
struct Told {
  var events: AsyncStream<CardEvent>.Iterator
  var states: AsyncStream<DeviceState>.Iterator

  /// The next event, which must be `expected`.
  mutating func expect(_ expected: CardEvent, _ place: SourceLocation = #_sourceLocation) async throws {
    let event = try #require(await events.next(isolation: #isolation), sourceLocation: place)
    try #require(event == expected, sourceLocation: place)
  }

  /// Passes over all states before `wanted`.
  mutating func until(_ wanted: (DeviceState) -> Bool) async throws {
    while let state = await states.next(isolation: #isolation) {
      if wanted(state) { return }
    }
    Issue.record("the reader ended")
  }

  mutating func untilReady() async throws { try await until { $0 == .ready } }
  mutating func untilTrouble(_ code: String) async throws {
    try await until { $0.problem?.code == code }
  }
}

private struct ToldBoard: HealthBoard {
  let told: AsyncStream<DeviceState>.Continuation
  func report(_ device: String, _ state: DeviceState) { told.yield(state) }
}

extension ContractBench {
  /// Runs the real driver on the real link while `scene` plays.
  ///
  /// - Parameter patience: how long the reader may take for an answer, in milliseconds;
  ///   without a reason longer than a test may take.
  func serve(patience: Int = 200_000, _ scene: (inout Told) async throws -> Void) async throws {
    let (events, event) = AsyncStream<CardEvent>.makeStream()
    let (states, state) = AsyncStream<DeviceState>.makeStream()
    let reader = reader(patience: patience, board: ToldBoard(told: state))
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { await reader.run { event.yield($0) } }
      if let player {
        group.addTask {
          while player.difference == nil, !Task.isCancelled { await Task.yield() }
          // Nothing that is expected will come any more.
          event.finish()
          state.finish()
        }
      }
      var told = Told(events: events.makeAsyncIterator(), states: states.makeAsyncIterator())
      try await scene(&told)
    }
  }

  /// As kioskd makes it, but for the clock.
  private func reader(patience: Int, board: any HealthBoard) -> any CardReader {
    let model = ReaderModel(
      id: "contract", driver: .sdt, link: .serial(baud: .baud115200), pollMilliseconds: 250,
      timeoutMilliseconds: .init(find: patience, select: patience, read: patience),
      presence: .address)
    return SDTCardReader(
      model: model,
      open: { [self] () throws(LinkFault) in try await open() },
      clock: HurriedClock(),
      supervisor: DeviceSupervisor(
        place: "reader", bus: nil, absent: .readerGone, clock: HurriedClock(), chance: MiddleChance(),
        health: board))
  }
}

extension SimulatedCard {
  /// Invented people with published specimen numbers.
  static let first = SimulatedCard(
    name: "王样张", sex: "1", ethnicity: "01", birth: "19491231",
    address: "北京市朝阳区样张路1号", idNumber: "11010519491231002X",
    issuer: "北京市公安局朝阳分局", validFrom: "20200101", validTo: "长期")
  static let second = SimulatedCard(
    name: "赵样张", sex: "2", ethnicity: "56", birth: "18800101",
    address: "广东省汕头市样张村二组", idNumber: "440524188001010014",
    issuer: "汕头市公安局", validFrom: "20160229", validTo: "20360228")

  /// Whom the terminal must see.
  var holder: Resident {
    Resident(
      name: name, sex: sex, ethnicity: ethnicity, birth: birth, address: address,
      idNumber: idNumber, issuer: issuer, validFrom: validFrom, validTo: validTo)
  }
}

/// Pauses of always the same length.
private struct MiddleChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { Array(repeating: 128, count: count) }
}
