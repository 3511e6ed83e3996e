// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A clock that stands until a test moves it.
final class ManualClock: Clock, Sendable {
  struct Instant: InstantProtocol {
    var offset = Duration.zero
    func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
    func duration(to other: Instant) -> Duration { other.offset - offset }
    static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
  }

  private struct State {
    var now = Instant()
    var count = 0
    var sleepers: [Int: (until: Instant, continuation: CheckedContinuation<Void, any Error>)] = [:]
  }

  private let state = Mutex(State())
  /// Each time somebody went to sleep: for how long.
  let naps: AsyncStream<Duration>
  private let nap: AsyncStream<Duration>.Continuation

  init() { (naps, nap) = AsyncStream.makeStream(of: Duration.self) }

  var now: Instant { state.withLock { $0.now } }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let number = state.withLock { state in
      state.count += 1
      return state.count
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let rests = state.withLock { state -> Bool in
          guard deadline > state.now, !Task.isCancelled else { return false }
          state.sleepers[number] = (deadline, continuation)
          nap.yield(state.now.duration(to: deadline))
          return true
        }
        if !rests { continuation.resume() }
      }
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }

  func advance(by duration: Duration) {
    let woken = state.withLock { state in
      state.now = state.now.advanced(by: duration)
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for number in due.keys { state.sleepers[number] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  /// Whoever goes to sleep wakes at once, and it is later; until cancelled.
  func fly() async {
    for await length in naps { advance(by: length) }
  }

  /// Waits until somebody goes to sleep for a time in `range`, and moves past it.
  func pass(_ range: ClosedRange<Duration>) async {
    for await length in naps where range.contains(length) {
      advance(by: length)
      return
    }
  }
}
