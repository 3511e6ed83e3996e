// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization

/// Keeps one device at work: opens it, lets it serve, and after a fault opens it anew, until
/// its task is cancelled. Tells the health board of each change.
///
/// Where the bus tells whether the device is there, an absent one is not tried; its arrival
/// is acted on at once, and only looked up every few seconds in case the bus forgot to tell.
/// A device that is there and fails is tried again after 0.1 to 0.8 s, so that it serves
/// within a second once it can. A restart is opening anew, next a reset of the bus, next its
/// power off and on: each order one step further, until the device has served for two
/// minutes without a break. A device that never answered in three lives is reset unasked;
/// its power is left to people. One that stopped serving twenty times within an hour is
/// told to be exchanged (`Problem.deviceFailing`), and still served.
public final class DeviceSupervisor<Time: Clock<Duration>>: SupervisedDevice {
  public let place: String
  private let bus: (any BusPresence)?
  private let absent: Problem
  private let power: (@Sendable () async -> Void)?
  private let clock: Time
  private let chance: any RandomSource
  private let health: any HealthBoard
  private let record = Mutex(SupervisionRecord<Time.Instant>())
  private let orders = Bell()

  /// - Parameters:
  ///   - place: its place in the terminal, and its name on the health board.
  ///   - bus: nil where no bus tells: then an absent device is tried like a failing one.
  ///   - absent: what is told while the bus says that it is not there.
  ///   - power: takes the device's power away and gives it back; nil where nothing can.
  public init(
    place: String, bus: (any BusPresence)?, absent: Problem,
    power: (@Sendable () async -> Void)? = nil, clock: Time, chance: any RandomSource,
    health: any HealthBoard
  ) {
    self.place = place
    self.bus = bus
    self.absent = absent
    self.power = power
    self.clock = clock
    self.chance = chance
    self.health = health
  }

  public func restart() {
    let highest = power == nil ? RestartStep.busReset : .powerCycle
    record.withLock { $0.order(at: clock.now, highest: highest) }
    orders.ring()
  }

  /// Runs the device until the task is cancelled; not more than once at a time.
  ///
  /// - Parameter serve: opens the device, serves until a fault, and closes it, at once when
  ///   it is cancelled.
  public func run(
    _ serve: @escaping @Sendable (DeviceLife) async throws(DeviceFault) -> Void
  ) async {
    var pause = BackOff(first: .milliseconds(200))
    tell(.starting)
    while !Task.isCancelled {
      let step = await begin(&pause)
      if bus?.isThere ?? true {
        let end = await live(step, serve)
        if Task.isCancelled { return }
        settle(end, &pause)
        if case .order = end { continue }
      } else {
        tell(.absent(absent))
      }
      await rest(&pause)
    }
  }
}

extension DeviceSupervisor {
  private enum Waking: Sendable { case time, bus, order, device(DeviceFault?) }
  private typealias Wait = @Sendable () async -> Waking

  /// Longest pause while it is there: a device that can serve again does so within a second.
  private static var longestPause: Duration { .milliseconds(800) }
  /// The bus is looked at anew so often while it says that the device is not there.
  private static var glance: Duration { .seconds(5) }

  /// Takes an order up; the power goes off and on before the device is opened.
  private func begin(_ pause: inout BackOff) async -> RestartStep {
    let (step, isOrdered) = record.withLock { $0.takeStep() }
    guard isOrdered else { return step }
    pause.reset()
    tell(.starting)
    if step == .powerCycle { await power?() }
    return step
  }

  /// From opening to a fault, to its leaving the bus, or to an order.
  private func live(
    _ step: RestartStep, _ serve: @escaping @Sendable (DeviceLife) async throws(DeviceFault) -> Void
  ) async -> Waking {
    let life = DeviceLife(step: step) { self.serves(heeding: $0) }
    var waits: [Wait] = [ordered]
    if let bus { waits.append { await self.left(bus) } }
    waits.append {
      do throws(DeviceFault) {
        try await serve(life)
        return .device(nil)
      } catch {
        return .device(error)
      }
    }
    return await first(of: waits)
  }

  private func rest(_ pause: inout BackOff) async {
    let isThere = bus?.isThere ?? true
    let length = isThere ? pause.next(chance, limit: Self.longestPause) : Self.glance
    var waits: [Wait] = [
      ordered,
      {
        // Throws only when cancelled, which the group sees.
        try? await self.clock.sleep(for: length)
        return .time
      },
    ]
    if let bus { waits.append { await self.changed(bus, from: isThere) } }
    if case .bus = await first(of: waits) { pause.reset() }
  }

  /// Whichever comes first; the others are ended before it returns.
  private func first(of waits: [Wait]) async -> Waking {
    await withTaskGroup(of: Waking.self) { group in
      for wait in waits { group.addTask { await wait() } }
      let waking = await group.next() ?? .time
      group.cancelAll()
      return waking
    }
  }

  @Sendable private func ordered() async -> Waking {
    let rings = orders.rings()
    if record.withLock({ $0.ordered }) != nil { return .order }
    for await _ in rings { break }
    return .order
  }

  /// Until the bus says that the device is not there.
  private func left(_ bus: any BusPresence) async -> Waking {
    let changes = bus.changes()
    if !bus.isThere { return .bus }
    for await _ in changes where !bus.isThere { return .bus }
    return await cancelled()
  }

  /// Until the bus says anything new: a change that was there and gone again counts too.
  private func changed(_ bus: any BusPresence, from isThere: Bool) async -> Waking {
    let changes = bus.changes()
    if bus.isThere != isThere { return .bus }
    for await _ in changes { return .bus }
    return await cancelled()
  }

  /// A bus that has nothing more to say ends no wait.
  private func cancelled() async -> Waking {
    for await _ in AsyncStream<Void>.makeStream().stream {}
    return .bus
  }
}

extension DeviceSupervisor {
  private func settle(_ end: Waking, _ pause: inout BackOff) {
    let now = clock.now
    switch end {
    case .device(let fault):
      let mayReset = fault?.resetMayHelp ?? false
      if record.withLock({ $0.stopped(at: now, resetMayHelp: mayReset) }) { pause.reset() }
      if let fault { tell(fault.state) }
    case .bus:
      if record.withLock({ $0.stopped(at: now, resetMayHelp: false) }) { pause.reset() }
      tell(.absent(absent))
    case .order, .time: break
    }
  }

  private func serves(heeding problem: Problem?) {
    let now = clock.now
    tell(record.withLock { $0.served(at: now, heeding: problem) })
  }

  private func tell(_ state: DeviceState) {
    if record.withLock({ $0.tells(state) }) { health.report(place, state) }
  }
}
