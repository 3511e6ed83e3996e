// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

/// Makes events out of single looks at the reader: who lies there, since when, and whether
/// it is still the same card. Of a card it keeps a seeded hash of the number, nothing else.
struct CardPresence {
  private enum Seen: Equatable {
    case nothing
    case card(mark: Int)
    case unreadable
  }

  private var seen = Seen.nothing
  /// What lies there was read since the link was opened, and never missed since.
  private var isCertain = false
  /// No find was answered yet since the link was opened.
  private var isFirst = true
  /// The card was found by the first find, so nobody put it on before our eyes.
  private var isLying = false
  private var misses = 0
  /// It was missed since it was read the last time.
  private var wasMissed = false
  private var failedSelects = 0

  /// The reader finds a card once only: one that is found after a miss was put on anew.
  private let findsOnce: Bool
  private let missesOfRemoval: Int

  /// A look may fail once while the card still lies there.
  private static let fewestMisses = 2
  /// A card that is just being put down may be found before it can be selected.
  private static let selectsOfUnreadable = 3

  /// - Parameter missesOfRemoval: so many looks in a row that find nothing mean that a card
  ///   that was read was taken off.
  init(missesOfRemoval: Int = fewestMisses) {
    self.missesOfRemoval = missesOfRemoval
    findsOnce = missesOfRemoval > Self.fewestMisses
  }

  mutating func linkOpened() {
    isCertain = false
    isFirst = true
    isLying = false
    misses = 0
    failedSelects = 0
  }

  /// A card that was read lies there as far as one knows.
  var isReadCardThere: Bool {
    guard case .card = seen else { return false }
    return isCertain
  }

  /// The card that was read does not answer as such any more.
  mutating func doubted() { isCertain = false }

  mutating func missed() -> [CardEvent] {
    isFirst = false
    isCertain = false
    failedSelects = 0
    misses += 1
    let isEnough = misses >= (seen == .unreadable ? Self.fewestMisses : missesOfRemoval)
    guard isEnough else { return [] }
    isLying = false
    guard seen != .nothing else { return [] }
    seen = .nothing
    return [.removed]
  }

  /// A card was found; says whether it has to be read before anything is said of it.
  mutating func found() -> Bool {
    if isFirst { isLying = true }
    wasMissed = wasMissed || misses > 0
    isFirst = false
    misses = 0
    return !isCertain
  }

  mutating func wasRead(_ resident: Resident) -> [CardEvent] {
    let now = Seen.card(mark: resident.idNumber.hashValue)
    if findsOnce, wasMissed, now == seen {
      _ = settle(now, as: .unreadable)
      isLying = false
      return [.removed, .presented(resident, lying: false)]
    }
    return settle(now, as: .presented(resident, lying: isLying))
  }

  mutating func selectFailed() -> [CardEvent] {
    failedSelects += 1
    return failedSelects < CardPresence.selectsOfUnreadable ? [] : readFailed()
  }

  mutating func readFailed() -> [CardEvent] { settle(.unreadable, as: .unreadable) }

  private mutating func settle(_ now: Seen, as event: CardEvent) -> [CardEvent] {
    isCertain = true
    wasMissed = false
    failedSelects = 0
    guard now != seen else { return [] }
    defer { seen = now }
    return seen == .nothing ? [event] : [.removed, event]
  }
}
