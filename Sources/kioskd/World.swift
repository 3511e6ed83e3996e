// SPDX-License-Identifier: Apache-2.0

import CKernelClock
import Foundation
import Glibc
import Records

/// The real clock, and how far the kernel trusts it.
struct SystemClock: WallTime {
  /// No moment before this day can be now.
  let floor: Day

  func now() -> QualifiedTime {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let at = Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    return QualifiedTime(at: at, quality: quality(at))
  }

  private func quality(_ at: Timestamp) -> TimeQuality {
    guard Day(at) >= floor else { return .unknown }
    var state = timex()
    let answer = adjtimex(&state)
    let isDisciplined = answer >= 0 && answer != TIME_ERROR && state.status & Int32(STA_UNSYNC) == 0
    return isDisciplined ? .synchronised : .running
  }
}

/// Chance from the kernel.
struct SystemChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
  }
}

/// The day this program was put on the disk: the clock is wrong before it.
enum BuildDay {
  static func read() -> Day {
    let files = FileManager.default
    guard let program = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
      let date = try? files.attributesOfItem(atPath: program)[.modificationDate] as? Date
    else { return Day(daysSince1970: 0) }
    return Day(Timestamp(milliseconds: Int64(date.timeIntervalSince1970) * 1000))
  }
}

enum Process {
  /// What a crash would write holds persons; so nothing is written.
  /// Ends without closing anything: nothing more may be promised.
  static func endNow() -> Never { _exit(70) }

  static func forbidCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
