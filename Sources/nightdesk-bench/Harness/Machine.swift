// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Records
import Synchronization

struct SystemChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// The wall's clock, and days ahead of it: a day has 99,999 numbers, and a bench files more.
final class BenchClock: WallTime {
  private let days = Mutex<Int64>(0)

  func now() -> QualifiedTime {
    let ahead = days.withLock { $0 } * 86_400_000
    let milliseconds = Int64(Date().timeIntervalSince1970 * 1000) + ahead
    return QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: .synchronised)
  }

  func nextDay() { days.withLock { $0 += 1 } }
}

/// Chance that is the same in each run (SplitMix64, Steele et al. 2014), so that each side
/// meets the same faults.
struct SeededChance: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// True once in `count` times, on the whole.
  mutating func isOne(in count: UInt64) -> Bool { next() % count == 0 }
}

enum OwnProgram {
  static func path() throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }
}
