// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Four threads meet at one `Mutex` again and again. Called with `race`, they also write
/// where nothing guards.
@main
enum Probe {
  private final class Shared: Sendable {
    let guarded = Mutex<[Int]>([])
    nonisolated(unsafe) var bare = 0
  }

  static func main() {
    let races = CommandLine.arguments.contains("race")
    let shared = Shared()
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      for round in 0..<5000 {
        shared.guarded.withLock { guarded in
          // Long enough for the others to come and wait.
          for _ in 0..<20 { guarded.append(round) }
          if guarded.count > 1000 { guarded.removeAll(keepingCapacity: true) }
        }
        if races { shared.bare += 1 }
      }
    }
  }
}
