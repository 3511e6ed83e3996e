// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Time as the desk feels it: four beats a second, counted by whoever owns a clock. The
/// desk measures patience in beats, so that tests move time by hand.
public final class Heartbeat: Sendable {
  public static let beatsPerSecond = 4

  private let count = Mutex<Int>(0)

  public init() {}

  public var now: Int { count.withLock { $0 } }

  func beat() { count.withLock { $0 += 1 } }
}

/// How long the desk waits, in seconds.
public struct Patience: Sendable {
  /// Nobody has touched anything: then the warning.
  public var silence = 60
  /// To react to a warning, a card taken away, another card (WCAG 2.2.1: at least 20 s).
  public var react = 20
  /// For the number on the screen, when there is no paper.
  public var number = 180
  /// For a check of who she is to come to an end.
  public var check = 30
  /// For the page to confirm that a scene was drawn.
  public var drawn = 5
  /// For the card to be taken at the farewell, each of three times.
  public var farewell = 20

  public init() {}
}
