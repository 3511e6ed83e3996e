// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How a real centre fails, the same for each side: by the count of requests with seeded
/// chance, and twice for a while, when so much has been stored.
final class FaultPlan: Sendable {
  enum Fault: Sendable {
    case none
    /// 500, nothing stored.
    case serverError
    /// The connection is closed before the request is looked at.
    case closed
    /// Stored, and the connection closed in place of the answer.
    case answerLost
    /// 503.
    case busy
    /// Stored; not a byte comes back, and at this moment the connection ends.
    case silent(until: Double)
  }

  /// Off: a centre that never fails.
  private let isOn: Bool
  private let busyAfter: Int
  private let silentAfter: Int

  private struct State {
    var chance: SeededChance
    var stored = 0
    var busyUntil: Double?
    var silentUntil: Double?
  }
  private let state: Mutex<State>

  init(isOn: Bool, seed: UInt64, items: Int) {
    self.isOn = isOn
    busyAfter = items * 3 / 10
    silentAfter = items * 6 / 10
    state = Mutex(State(chance: SeededChance(seed: seed)))
  }

  func next(at now: Double) -> Fault {
    guard isOn else { return .none }
    return state.withLock { state in
      if state.stored >= silentAfter, state.silentUntil == nil { state.silentUntil = now + 3 }
      if state.stored >= busyAfter, state.busyUntil == nil { state.busyUntil = now + 5 }
      if let until = state.busyUntil, now < until { return .busy }
      if let until = state.silentUntil, now < until { return .silent(until: until) }
      if state.chance.isOne(in: 100) { return .answerLost }
      if state.chance.isOne(in: 100) { return .serverError }
      if state.chance.isOne(in: 200) { return .closed }
      return .none
    }
  }

  func stored(_ count: Int) { state.withLock { $0.stored += count } }
}
