// SPDX-License-Identifier: Apache-2.0

/// Lets each code through once, however long it is held before the scanner: the same one
/// again within `window` of its last sighting is the same.
struct RepeatGuard<Instant: InstantProtocol> where Instant.Duration == Duration {
  private let window: Duration
  private var last: (code: [UInt8], at: Instant)?

  init(window: Duration) { self.window = window }

  mutating func isNew(_ code: [UInt8], at now: Instant) -> Bool {
    defer { last = (code, now) }
    guard let last, last.code == code else { return true }
    return last.at.duration(to: now) >= window
  }
}
