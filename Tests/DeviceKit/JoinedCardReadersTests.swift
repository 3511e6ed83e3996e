// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import DeviceKit

@Suite("Several card readers as one")
struct JoinedCardReadersTests {
  @Test("one reader's events go through as they are")
  func one() {
    var turns = CardTurns()
    #expect(turns.take(.unreadable, from: 0) == [.unreadable])
    #expect(turns.take(.removed, from: 0) == [.removed])
  }

  @Test("a card on another reader waits until the first is taken off")
  func waits() {
    var turns = CardTurns()
    #expect(turns.take(.unreadable, from: 1) == [.unreadable])
    #expect(turns.take(.unreadable, from: 0) == [])
    #expect(turns.take(.removed, from: 1) == [.removed, .unreadable])
    #expect(turns.take(.removed, from: 0) == [.removed])
  }

  @Test("one that was taken off meanwhile is never told")
  func gone() {
    var turns = CardTurns()
    #expect(turns.take(.unreadable, from: 0) == [.unreadable])
    #expect(turns.take(.unreadable, from: 1) == [])
    #expect(turns.take(.removed, from: 1) == [])
    #expect(turns.take(.removed, from: 0) == [.removed])
  }

  @Test("what several readers see comes out of one")
  func joined() async {
    let readers = [Once(event: .unreadable), Once(event: .unreadable)]
    let (heard, hear) = AsyncStream.makeStream(of: CardEvent.self)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await JoinedCardReaders(readers).run { hear.yield($0) } }
      var events = heard.makeAsyncIterator()
      #expect(await events.next() == .unreadable)
      group.cancelAll()
    }
  }
}

/// Sees one thing and then nothing more.
private struct Once: CardReader {
  let event: CardEvent

  func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    await handle(event)
    let (silence, end) = AsyncStream.makeStream(of: Void.self)
    for await _ in silence {}
    end.finish()
  }
}
