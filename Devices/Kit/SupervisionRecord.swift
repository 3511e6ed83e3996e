// SPDX-License-Identifier: Apache-2.0

import Records

/// What a supervisor remembers of its device.
struct SupervisionRecord<Instant: InstantProtocol<Duration>> {
  /// What the board was told last.
  private(set) var told: DeviceState?
  /// The step that was ordered and not begun yet.
  private(set) var ordered: RestartStep?
  private var latest: RestartStep?
  /// Since when it has served without a break.
  private var servingSince: Instant?
  /// When it stopped serving, the newest last; no more than make it a failing device.
  private var stops: [Instant] = []
  /// Lives in a row that never served and that a reset might have mended.
  private var vain = 0

  /// Serving so long takes the ladder back to its foot.
  static var health: Duration { .seconds(120) }
  static var hour: Duration { .seconds(3600) }
  /// So many stops within an hour are told.
  static var mostStops: Int { 20 }
  /// So many vain lives make the supervisor reset the device by itself.
  static var livesBeforeReset: Int { 3 }

  /// Whether the board has to hear of `state`.
  mutating func tells(_ state: DeviceState) -> Bool {
    defer { told = state }
    return told != state
  }

  /// An order of staff. One that is not begun yet stands for those that follow it.
  mutating func order(at now: Instant, highest: RestartStep) {
    guard ordered == nil else { return }
    let rests = servingSince.map { $0.duration(to: now) >= Self.health } ?? false
    let step = rests ? nil : latest.map { RestartStep(rawValue: $0.rawValue + 1) ?? $0 }
    ordered = min(step ?? .reopen, highest)
    latest = ordered
  }

  /// The step to begin the next life with, and whether staff ordered it.
  mutating func takeStep() -> (step: RestartStep, isOrdered: Bool) {
    let order = ordered
    ordered = nil
    if order != nil { servingSince = nil }
    guard vain >= Self.livesBeforeReset else { return (order ?? .reopen, order != nil) }
    vain = 0
    return (max(order ?? .reopen, .busReset), order != nil)
  }

  /// It answered; says how that is to be told.
  mutating func served(at now: Instant, heeding problem: Problem?) -> DeviceState {
    vain = 0
    if servingSince == nil { servingSince = now }
    stops.removeAll { $0.duration(to: now) >= Self.hour }
    if stops.count >= Self.mostStops { return .attention(.deviceFailing) }
    return problem.map { .attention($0) } ?? .ready
  }

  /// It stopped by itself, not by an order; says whether it had served.
  mutating func stopped(at now: Instant, resetMayHelp: Bool) -> Bool {
    let hadServed = servingSince != nil
    if hadServed {
      stops = stops.suffix(Self.mostStops - 1) + [now]
    } else if resetMayHelp {
      vain += 1
    }
    servingSince = nil
    return hadServed
  }
}
