// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization
import Testing

/// A device whose every life a test plays.
final class PlayedDevice: Sendable {
  private enum Act { case answer(Problem?), fail(DeviceFault) }

  private let current = Mutex<AsyncStream<Act>.Continuation?>(nil)
  private let steps: AsyncStream<RestartStep>
  private let step: AsyncStream<RestartStep>.Continuation
  private let ends: AsyncStream<Void>
  private let end: AsyncStream<Void>.Continuation
  private let count = Mutex(0)

  init() {
    (steps, step) = AsyncStream.makeStream()
    (ends, end) = AsyncStream.makeStream()
  }

  /// How often it was opened.
  var openings: Int { count.withLock { $0 } }

  /// Waits until it is opened; how thoroughly it was to be started anew.
  func opened() async -> RestartStep? { await steps.first { _ in true } }

  /// Waits until a life of it was ended from outside.
  func ended() async { _ = await ends.first { _ in true } }

  func answer(heeding problem: Problem? = nil) { act(.answer(problem)) }
  func fail(_ fault: DeviceFault) { act(.fail(fault)) }

  private func act(_ act: Act) { _ = current.withLock { $0?.yield(act) } }

  func serve(_ life: DeviceLife) async throws(DeviceFault) {
    let (acts, act) = AsyncStream<Act>.makeStream()
    current.withLock { $0 = act }
    count.withLock { $0 += 1 }
    step.yield(life.step)
    for await act in acts {
      switch act {
      case .answer(let problem): life.serves(heeding: problem)
      case .fail(let fault): throw fault
      }
    }
    end.yield()
  }
}

/// A bus whose device a test plugs and unplugs.
final class PlayedBus: BusPresence {
  private let there: Mutex<Bool>
  private let bell = Bell()

  init(there: Bool) { self.there = Mutex(there) }

  var isThere: Bool { there.withLock { $0 } }
  func changes() -> AsyncStream<Void> { bell.rings() }

  /// - Parameter told: whether the bus tells it.
  func set(there: Bool, told: Bool = true) {
    self.there.withLock { $0 = there }
    if told { bell.ring() }
  }
}

/// A board whose news a test waits for, one at a time.
final class PlayedBoard: HealthBoard {
  private let states: AsyncStream<DeviceState>
  private let state: AsyncStream<DeviceState>.Continuation

  init() { (states, state) = AsyncStream.makeStream() }

  func report(_ device: String, _ state: DeviceState) { self.state.yield(state) }
  func next() async -> DeviceState? { await states.first { _ in true } }
}

/// Chance that always draws the same.
struct FixedChance: RandomSource {
  var byte: UInt8 = 0
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: byte, count: count) }
}

extension Problem {
  static let gone = Problem(code: "played.gone", severity: .wrong)
  static let broken = Problem(code: "played.broken", severity: .wrong)
}

extension DeviceFault {
  static let gone = DeviceFault(.absent(.gone))
  static let broken = DeviceFault(.failed(.broken), resetMayHelp: true)
}

/// A supervisor with all that a test plays around it.
struct Supervision {
  let device = PlayedDevice()
  let board = PlayedBoard()
  let clock = ManualClock()
  let supervisor: DeviceSupervisor<ManualClock>

  init(
    bus: PlayedBus? = nil, power: (@Sendable () async -> Void)? = nil, chance: UInt8 = 0
  ) {
    supervisor = DeviceSupervisor(
      place: "played", bus: bus, absent: .gone, power: power, clock: clock,
      chance: FixedChance(byte: chance), health: board)
  }

  /// Runs it while `body` plays, then cancels it; it must end without any time passing.
  func running(_ body: () async throws -> Void) async rethrows {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [supervisor, device] in
        await supervisor.run { life throws(DeviceFault) in try await device.serve(life) }
      }
      #expect(await board.next() == .starting)
      try await body()
      group.cancelAll()
    }
  }

  /// Opens, answers, and is told to be ready.
  func becomesReady(as state: DeviceState = .ready, step: RestartStep = .reopen) async {
    #expect(await device.opened() == step)
    device.answer()
    #expect(await board.next() == state)
  }
}

extension Supervision {
  /// Waits until the supervisor rests; for how long.
  func nap() async -> Duration? { await clock.naps.first { _ in true } }

  /// The same, and lets the time pass.
  func rested() async -> Duration? {
    let length = await nap()
    if let length { clock.advance(by: length) }
    return length
  }
}
