// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Time that passes only by waiting, and then at once.
final class HurriedClock: Clock {
  struct Instant: InstantProtocol {
    var passed: Duration
    func advanced(by duration: Duration) -> Instant { Instant(passed: passed + duration) }
    func duration(to other: Instant) -> Duration { other.passed - passed }
    static func < (left: Instant, right: Instant) -> Bool { left.passed < right.passed }
  }

  let minimumResolution: Duration = .zero
  private let passed = Mutex<Duration>(.zero)
  private let waits = Mutex<[Duration]>([])

  var now: Instant { Instant(passed: passed.withLock { $0 }) }
  /// Each wait so far.
  var pauses: [Duration] { waits.withLock { $0 } }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let pause = now.duration(to: deadline)
    waits.withLock { $0.append(pause) }
    passed.withLock { $0 = deadline.passed }
    await Task.yield()
  }
}
