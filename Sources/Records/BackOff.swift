// SPDX-License-Identifier: Apache-2.0

/// How long to wait before the next try: doubled each time up to a limit, and between half and
/// the whole of that by chance, so that a city of terminals does not come back in step.
public struct BackOff: Sendable {
  private let first: Duration
  /// How often it was asked since the last success.
  public private(set) var step = 0

  public init(first: Duration = .milliseconds(250)) { self.first = first }

  public mutating func reset() { step = 0 }

  public mutating func next(_ chance: any RandomSource, limit: Duration) -> Duration {
    let whole = min(limit, first * (1 << min(step, 16)))
    step += 1
    return chance.duration(from: whole / 2, to: whole)
  }
}

extension RandomSource {
  /// A length between the two, in 65,536 steps.
  public func duration(from least: Duration, to most: Duration) -> Duration {
    let value = bytes(2).reduce(0) { $0 << 8 | Int($1) }
    return least + (most - least) * value / 65_536
  }
}
