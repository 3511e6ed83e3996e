// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs one actor outside the cooperative pool, so that its calls may block. (On Linux
/// Dispatch's own serial queue is no executor.)
final class OwnThread: SerialExecutor {
  private let queue: DispatchQueue

  init(_ name: String) { queue = DispatchQueue(label: name) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
