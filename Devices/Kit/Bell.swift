// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Tells all who listen that something changed; what, they look up themselves. Who listens
/// late has missed what was before, who listens slowly hears many rings as one.
public final class Bell: Sendable {
  private struct Listeners {
    var streams: [Int: AsyncStream<Void>.Continuation] = [:]
    var next = 0
  }

  private let listeners = Mutex(Listeners())

  public init() {}

  public func ring() {
    let streams = listeners.withLock { Array($0.streams.values) }
    for stream in streams { stream.yield() }
  }

  /// Yields after each ring from now on, until its reader is cancelled.
  public func rings() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let key = listeners.withLock { listeners in
      listeners.next += 1
      listeners.streams[listeners.next] = continuation
      return listeners.next
    }
    continuation.onTermination = { [weak self] _ in
      self?.listeners.withLock { _ = $0.streams.removeValue(forKey: key) }
    }
    return stream
  }
}
