// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells whoever listens that there may be something to look at.
final class Newsboard: Sendable {
  private struct Listeners {
    var next = 0
    var waiting: [Int: AsyncStream<Void>.Continuation] = [:]
  }

  private let listeners = Mutex(Listeners())

  /// Yields once at the start; what comes while nobody looks is one yield.
  func stream() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let place = listeners.withLock { listeners in
      listeners.next += 1
      listeners.waiting[listeners.next] = continuation
      return listeners.next
    }
    continuation.onTermination = { [weak self] _ in self?.forget(place) }
    continuation.yield()
    return stream
  }

  func tell() {
    for listener in listeners.withLock({ Array($0.waiting.values) }) { listener.yield() }
  }

  private func forget(_ place: Int) {
    _ = listeners.withLock { $0.waiting.removeValue(forKey: place) }
  }
}
