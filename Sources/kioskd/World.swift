// SPDX-License-Identifier: Apache-2.0

import CKernelClock
import Foundation
import Glibc
import Records
import Synchronization
import Upkeep

/// The real clocks of the machine.
enum MachineClocks {
  /// Milliseconds since the machine started, sleep included.
  static var boot: Int64 { milliseconds(CLOCK_BOOTTIME) }

  static func read() -> ClockReading {
    var state = timex()
    let answer = adjtimex(&state)
    return ClockReading(
      kernel: Timestamp(milliseconds: milliseconds(CLOCK_REALTIME)),
      isDisciplined: answer >= 0 && answer != TIME_ERROR && state.status & Int32(STA_UNSYNC) == 0,
      boot: boot)
  }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// What the centre's signed time said last.
final class LastWitness: Sendable {
  private let witness = Mutex<TimeWitness?>(nil)

  var now: TimeWitness? { witness.withLock { $0 } }

  func keep(_ new: TimeWitness) { witness.withLock { $0 = new } }
}

/// The wall clock as far as it can be believed: signed time first, then the kernel's.
struct SystemClock: WallTime {
  /// No moment before this day can be now.
  let floor: Day
  let witness: LastWitness

  func now() -> QualifiedTime { MachineClocks.read().time(witness: witness.now, floor: floor) }
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
  /// Ends without closing anything: nothing more may be promised.
  static func endNow() -> Never { _exit(70) }

  /// What a crash would write holds persons; so nothing is written.
  static func forbidCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
