// SPDX-License-Identifier: Apache-2.0

import Records

/// What the centre's signed time said, and what the boot clock (CLOCK_BOOTTIME: counts from
/// the start of the machine, sleep included, and is never set) showed at that moment.
public struct TimeWitness: Hashable, Sendable {
  public var at: Timestamp
  /// Milliseconds.
  public var boot: Int64

  public init(at: Timestamp, boot: Int64) {
    self.at = at
    self.boot = boot
  }

  /// Believed for a day: a poor boot clock loses less than ten seconds in that time.
  public static let lifetime: Int64 = 24 * 3600 * 1000

  /// The moment at which the boot clock shows `boot`; nil when that is too long after, or
  /// before, what was witnessed.
  public func time(boot: Int64) -> Timestamp? {
    let advance = boot - self.boot
    guard (0..<Self.lifetime).contains(advance) else { return nil }
    return Timestamp(milliseconds: at.milliseconds + advance)
  }
}

/// What the two clocks of a machine show, and whether the kernel calls its own disciplined.
public struct ClockReading: Hashable, Sendable {
  public var kernel: Timestamp
  public var isDisciplined: Bool
  /// Milliseconds.
  public var boot: Int64

  public init(kernel: Timestamp, isDisciplined: Bool, boot: Int64) {
    self.kernel = kernel
    self.isDisciplined = isDisciplined
    self.boot = boot
  }

  /// The time with its quality: signed time first, then a disciplined kernel's, then what the
  /// kernel shows.
  ///
  /// - Parameter floor: no moment before this day can be now.
  public func time(witness: TimeWitness?, floor: Day) -> QualifiedTime {
    if let signed = witness?.time(boot: boot), Day(signed) >= floor {
      return QualifiedTime(at: signed, quality: .synchronised)
    }
    guard Day(kernel) >= floor else { return QualifiedTime(at: kernel, quality: .unknown) }
    return QualifiedTime(at: kernel, quality: isDisciplined ? .synchronised : .running)
  }

  /// Milliseconds between the kernel's clock and `witness`; nil when that is too old.
  public func error(against witness: TimeWitness) -> Int64? {
    witness.time(boot: boot).map { abs($0.milliseconds - kernel.milliseconds) }
  }
}
