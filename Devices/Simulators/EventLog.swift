// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What happened on the bench, in order, with times that can be compared with a
/// system-call trace. Bounded: the oldest go.
public final class EventLog: Sendable {
  public enum Detail: Hashable, Sendable {
    case text(String)
    case number(Int)
    case flag(Bool)
  }

  public struct Event: Hashable, Sendable {
    /// Nanoseconds of CLOCK_MONOTONIC, or of whatever clock was handed in.
    public var ns: UInt64
    public var name: String
    public var details: [String: Detail]
  }

  private let limit: Int
  private let now: @Sendable () -> UInt64
  private let kept = Mutex<[Event]>([])

  public init(limit: Int = 10_000, now: @escaping @Sendable () -> UInt64) {
    self.limit = limit
    self.now = now
  }

  public var events: [Event] { kept.withLock { $0 } }

  func record(_ name: String, _ details: [String: Detail] = [:]) {
    kept.withLock { events in
      events.append(Event(ns: now(), name: name, details: details))
      // A tenth at a time, so that a full log does not move itself for each event.
      if events.count > limit { events.removeFirst(max(1, limit / 10)) }
    }
  }
}
