// SPDX-License-Identifier: Apache-2.0

/// Lets each code through once, however long it is held before the scanner: the same one
/// again within `window` of its last sighting is the same, also when another came between.
struct RepeatGuard<Instant: InstantProtocol> where Instant.Duration == Duration {
  /// More codes than anybody can hold up in one window.
  private static var mostCodes: Int { 64 }

  private let window: Duration
  private var seen: [(code: [UInt8], at: Instant)] = []

  init(window: Duration) { self.window = window }

  mutating func isNew(_ code: [UInt8], at now: Instant) -> Bool {
    seen.removeAll { $0.at.duration(to: now) >= window }
    let isNew = !seen.contains { $0.code == code }
    seen.removeAll { $0.code == code }
    seen = seen.suffix(Self.mostCodes - 1) + [(code, now)]
    return isNew
  }
}
