// SPDX-License-Identifier: Apache-2.0

import Records

/// Several card readers of one terminal as one: whoever put a card on any of them is served,
/// one at a time.
public struct JoinedCardReaders: CardReader {
  private let readers: [any CardReader]

  public init(_ readers: [any CardReader]) { self.readers = readers }

  /// One of them is enough to leave everybody in doubt.
  public var tellsRemoval: Bool { readers.allSatisfy(\.tellsRemoval) }

  public func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    let (events, feed) = AsyncStream.makeStream(of: (Int, CardEvent).self)
    await withTaskGroup(of: Void.self) { group in
      for (index, reader) in readers.enumerated() {
        group.addTask { await reader.run { feed.yield((index, $0)) } }
      }
      var turns = CardTurns()
      for await (index, event) in events {
        for event in turns.take(event, from: index) { await handle(event) }
      }
      group.cancelAll()
    }
  }
}

/// Whose card counts while several readers may hold one: the first that was put on. Another
/// reader's card is told once the first was taken off, as one that lay there already.
struct CardTurns {
  private var turn: Int?
  private var waiting: [Int: CardEvent] = [:]

  init() {}

  mutating func take(_ event: CardEvent, from reader: Int) -> [CardEvent] {
    guard turn == nil || turn == reader else {
      waiting[reader] = event == .removed ? nil : event
      return []
    }
    guard event == .removed else {
      turn = reader
      return [event]
    }
    let next = waiting.min { $0.key < $1.key }
    turn = next?.key
    guard let next else { return [event] }
    waiting[next.key] = nil
    return [event, next.value.lying]
  }
}

extension CardEvent {
  /// The same card, seen only now.
  fileprivate var lying: CardEvent {
    guard case .presented(let resident, _) = self else { return self }
    return .presented(resident, lying: true)
  }
}
