// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization

/// What outlives a link: who lies there, what was told of it, and the module's number.
final class CardWatch: Sendable {
  private struct Known {
    var presence: CardPresence
    var module: ModuleNumber?
    var portrait: Portrait?
  }

  private let known: Mutex<Known>
  /// Whoever runs the reader at the moment.
  private let feed = Mutex<AsyncStream<CardEvent>.Continuation?>(nil)

  init(missesOfRemoval: Int) {
    known = Mutex(Known(presence: CardPresence(missesOfRemoval: missesOfRemoval)))
  }

  /// What happens from now on.
  func events() -> AsyncStream<CardEvent> {
    let (events, continuation) = AsyncStream<CardEvent>.makeStream()
    feed.withLock { $0 = continuation }
    return events
  }

  var module: ModuleNumber? {
    get { known.withLock { $0.module } }
    set { known.withLock { $0.module = newValue } }
  }

  var portrait: Portrait? { known.withLock { $0.portrait } }

  var isReadCardThere: Bool { known.withLock { $0.presence.isReadCardThere } }

  /// Asks or tells the presence; `portrait` belongs to the card that was read just now.
  func look<Value>(_ change: (inout CardPresence) -> Value) -> Value {
    known.withLock { change(&$0.presence) }
  }

  func tell(_ portrait: Portrait? = nil, _ change: (inout CardPresence) -> [CardEvent]) {
    let events = known.withLock { known in
      let events = change(&known.presence)
      for event in events {
        if case .presented = event { known.portrait = portrait } else { known.portrait = nil }
      }
      return events
    }
    for event in events { _ = feed.withLock { $0?.yield(event) } }
  }
}
