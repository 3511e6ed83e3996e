// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization

/// Something done now, again after a while, when called for, and after a failure again with
/// growing pauses that no call cuts short.
final class StandingOrder: Sendable {
  private let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation
  private let isCalled = Mutex(false)

  init() {
    (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    ring.yield()
  }

  /// Asks that it be done soon.
  func call() {
    isCalled.withLock { $0 = true }
    ring.yield()
  }

  /// Runs until the task is cancelled.
  ///
  /// - Parameters:
  ///   - interval: after success; a twelfth less by chance.
  ///   - first: the pause after a failure, doubled each time up to half the interval.
  ///   - work: true when it succeeded.
  func run<Time: Clock<Duration>>(
    clock: Time, chance: (any RandomSource)?, every interval: Duration, first: Duration,
    _ work: () async -> Bool
  ) async {
    await withDiscardingTaskGroup { group in
      var backOff = BackOff(first: first)
      var due = clock.now
      for await _ in bell {
        // After a failure a call waits for the end of the pause.
        let isCalled = backOff.step == 0 && isCalled.withLock { $0 }
        guard isCalled || clock.now >= due else { continue }
        self.isCalled.withLock { $0 = false }
        let pause: Duration
        if await work() {
          backOff.reset()
          pause = chance?.duration(from: interval * 11 / 12, to: interval) ?? interval
        } else {
          pause = backOff.next(chance ?? Evenly(), limit: interval / 2)
        }
        due = clock.now.advanced(by: pause)
        group.addTask { [ring, due] in
          // Throws only when cancelled, and then nobody listens.
          try? await clock.sleep(until: due, tolerance: nil)
          ring.yield()
        }
      }
      group.cancelAll()
    }
  }

  /// In place of chance, where none was handed in.
  private struct Evenly: RandomSource {
    func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x80, count: count) }
  }
}
