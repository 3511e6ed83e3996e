// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Synchronization

/// What a simulated check plays, for each time it is asked; the last is played on.
public enum IdentityPlay: Hashable, Sendable {
  case outcome(IdentityOutcome)
  /// Answers after so long, unless its task is cancelled before.
  case late(Duration, IdentityOutcome)
  /// Never answers; ends only when its task is cancelled.
  case silent
}

/// Plays a list of answers, one each time, and counts.
private final class IdentityPlayer<Time: Clock<Duration>>: Sendable {
  private let plays: Mutex<[IdentityPlay]>
  private let counts = Mutex((asked: 0, ended: 0))
  private let clock: Time

  init(_ plays: [IdentityPlay], clock: Time) {
    self.plays = Mutex(plays)
    self.clock = clock
  }

  var asked: Int { counts.withLock { $0.asked } }
  var isLooking: Bool { counts.withLock { $0.asked > $0.ended } }

  func answer() async -> IdentityOutcome {
    counts.withLock { $0.asked += 1 }
    defer { counts.withLock { $0.ended += 1 } }
    let play = plays.withLock { plays in
      plays.count > 1 ? plays.removeFirst() : plays.first ?? .outcome(.unavailable)
    }
    switch play {
    case .outcome(let outcome): return outcome
    case .late(let wait, let outcome): return await wakes(after: wait) ? outcome : .noAnswer
    case .silent:
      while await wakes(after: .seconds(3600)) {}
      return .noAnswer
    }
  }

  /// False when cancelled.
  private func wakes(after wait: Duration) async -> Bool {
    do {
      try await clock.sleep(for: wait)
      return true
    } catch {
      return false
    }
  }
}

/// A camera that succeeds, fails, is slow, never answers, or is absent.
public struct SimulatedFaceCheck<Time: Clock<Duration>>: FaceCheck {
  private let player: IdentityPlayer<Time>
  /// False plays a camera that is not there.
  public let isOffered: Bool

  public init(_ plays: IdentityPlay..., clock: Time, isOffered: Bool = true) {
    player = IdentityPlayer(plays, clock: clock)
    self.isOffered = isOffered
  }

  public func compare() async -> IdentityOutcome { await player.answer() }

  /// How often it was asked to look.
  public var asked: Int { player.asked }
  /// The camera is on.
  public var isLooking: Bool { player.isLooking }
}

/// An e-licence service that confirms, refuses, is slow, never answers, or is absent.
public struct SimulatedLicenceCheck<Time: Clock<Duration>>: LicenceCheck {
  private let player: IdentityPlayer<Time>
  public let isOffered: Bool

  public init(_ plays: IdentityPlay..., clock: Time, isOffered: Bool = true) {
    player = IdentityPlayer(plays, clock: clock)
    self.isOffered = isOffered
  }

  public func confirm() async -> IdentityOutcome { await player.answer() }

  public var asked: Int { player.asked }
  public var isLooking: Bool { player.isLooking }
}
