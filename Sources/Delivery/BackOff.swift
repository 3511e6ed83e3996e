// SPDX-License-Identifier: Apache-2.0

import Records

/// How long to wait before the next try: doubled each time, up to a limit, and shortened
/// by chance so that a city of terminals does not come back in step.
struct BackOff {
  private var step = 0
  private let limit: Duration

  init(limit: Duration) { self.limit = limit }

  mutating func reset() { step = 0 }

  /// - Parameter atLeast: what the centre asked for.
  mutating func next(_ chance: any RandomSource, atLeast: Duration = .zero) -> Duration {
    let whole = min(limit, .milliseconds(250 << min(step, 12)))
    step += 1
    let byte = chance.bytes(1).first.map { Int($0) } ?? 0
    return max(atLeast, whole / 2 + whole * byte / 512)
  }
}
