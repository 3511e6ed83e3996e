// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells whoever listens that the outbox may have grown.
public final class OutboxNews: Sendable {
  private let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

  public init() {}

  /// Yields once at the start and after each change; a slow listener hears once of many.
  func stream() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    continuation.yield()
    let key = listeners.withLock { listeners in
      let key = (listeners.keys.max() ?? 0) + 1
      listeners[key] = continuation
      return key
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0.removeValue(forKey: key) }
    }
    return stream
  }

  func tell() {
    listeners.withLock { $0.values.forEach { $0.yield() } }
  }
}
