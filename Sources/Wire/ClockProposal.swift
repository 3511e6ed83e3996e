// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// What kioskd asks the clock helper to set the kernel's clock to: the centre's signed time as
/// it came, and the boot clock's reading at that moment. The helper believes the signature,
/// not kioskd.
public struct ClockProposal: Hashable, Sendable, Codable {
  public var signed: SignedTime
  /// Milliseconds of CLOCK_BOOTTIME when `signed` was true.
  public var boot: Int64

  public init(signed: SignedTime, boot: Int64) {
    self.signed = signed
    self.boot = boot
  }

  public enum Refusal: Error, Hashable, Sendable {
    case malformed(String)
    case unsigned
    /// Signed before this terminal was enrolled: an old answer played again.
    case tooEarly
    /// The boot clock has gone on for longer than a minute since, or began anew.
    case stale
  }

  public static func decode(_ bytes: [UInt8]) throws(Refusal) -> ClockProposal {
    do throws(WireFault) {
      return try StrictJSON.wire(ClockProposal.self, from: bytes)
    } catch .malformed(let why) {
      throw .malformed(why)
    } catch {
      throw .malformed("\(error)")
    }
  }

  /// What the clock should show now.
  ///
  /// - Parameters:
  ///   - boot: what CLOCK_BOOTTIME shows now, in milliseconds.
  public func time(
    by identity: TerminalIdentity, boot now: Int64
  ) throws(Refusal) -> Timestamp {
    do throws(WireFault) {
      try signed.verify(nonce: signed.nonce, key: identity.timeKey.bytes)
    } catch {
      throw .unsigned
    }
    guard signed.at >= identity.enrolledAt else { throw .tooEarly }
    let advance = now - boot
    guard (0...60_000).contains(advance) else { throw .stale }
    return Timestamp(milliseconds: signed.at.milliseconds + advance)
  }
}
