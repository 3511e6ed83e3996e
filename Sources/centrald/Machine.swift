// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records

/// The clock of this machine. That it is right is the operator's care; the centre says so.
struct SystemWallTime: WallTime {
  func now() -> QualifiedTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let milliseconds = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    return QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: .synchronised)
  }
}

/// The chance of this machine.
struct SystemChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}
