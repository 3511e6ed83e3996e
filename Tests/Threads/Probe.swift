// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Sound code, about which ThreadSanitizer must say nothing: threads that meet at a `Mutex`,
/// and continuations resumed before their task waits. Called with `unguarded` or `afterwards`,
/// one thing more that it must report: a value that the Mutex does not guard; one that is
/// still written when it has been handed over.
@main
enum Probe {
  private final class Shared: Sendable {
    let guarded = Mutex<[Int]>([])
    nonisolated(unsafe) var bare = 0
  }

  static func main() async {
    meet(isUnguarded: CommandLine.arguments.contains("unguarded"))
    await handOver(writesAfterwards: CommandLine.arguments.contains("afterwards"))
  }

  private static func meet(isUnguarded: Bool) {
    let shared = Shared()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for round in 0..<5000 {
        shared.guarded.withLock { guarded in
          // Long enough for the others to come and wait.
          for _ in 0..<20 { guarded.append(round) }
          if guarded.count > 1000 { guarded.removeAll(keepingCapacity: true) }
        }
        if isUnguarded { shared.bare += 1 }
      }
    }
  }

  private static func handOver(writesAfterwards: Bool) async {
    let queue = DispatchQueue(label: "probe")
    for round in 0..<1000 {
      let shared = await withCheckedContinuation { waiting in
        let isThrough = DispatchSemaphore(value: 0)
        queue.async {
          let shared = Shared()
          shared.bare = round
          waiting.resume(returning: shared)
          if writesAfterwards { shared.bare += 1 }
          isThrough.signal()
        }
        // Resumed before the task waits, but in the other case.
        if !writesAfterwards { isThrough.wait() }
      }
      precondition(shared.bare >= round)
    }
  }
}
