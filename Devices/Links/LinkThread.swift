// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// A thread for one link, so that its blocking system calls hold up nobody else. What speaks
/// over the link may run there too, which saves it a change of threads at each turn. On Linux
/// a DispatchQueue is not itself an executor.
final class LinkThread: SerialExecutor, TaskExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async {
      job.runSynchronously(
        isolatedTo: self.asUnownedSerialExecutor(), taskExecutor: self.asUnownedTaskExecutor())
    }
  }

  func run(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// What `work` gives or throws there.
  func result<Value: Sendable>(
    _ work: @escaping @Sendable () throws(LinkFault) -> Value
  ) async -> Result<Value, LinkFault> {
    await withCheckedContinuation { waiting in
      queue.async { waiting.resume(returning: Result(catching: work)) }
    }
  }
}
