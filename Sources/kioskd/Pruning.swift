// SPDX-License-Identifier: Apache-2.0

import Logging
import Records
import ServiceLifecycle
import Storage
import Visits

/// Takes out of the ledger what the centre has had for long enough: every hour, and only
/// while nobody is served.
struct Pruning: Service {
  let door: LedgerDoor
  let desk: Desk
  let clock: SystemClock
  let rule: PruneRule
  /// Between two looks whether nobody is served.
  let look: Duration
  let logger: Logger

  private static var betweenPrunings: Duration { .seconds(3600) }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var due = ContinuousClock.now
      while !Task.isCancelled {
        // Throws only when cancelled, which the loop sees.
        try? await Task.sleep(for: look)
        guard !Task.isCancelled, desk.isIdle, ContinuousClock.now >= due else { continue }
        if await prune() { due = ContinuousClock.now + Self.betweenPrunings }
      }
    }
  }

  /// False when somebody came before all was done.
  private func prune() async -> Bool {
    do throws(StoreFault) {
      let ledger = try door.ledger()
      while !Task.isCancelled {
        guard try await ledger.prune(rule, at: clock.now()) > 0 else { return true }
        guard desk.isIdle else { return false }
      }
    } catch {
      logger.warning("ledger cannot be pruned", metadata: ["fault": "\(error)"])
    }
    return true
  }
}
