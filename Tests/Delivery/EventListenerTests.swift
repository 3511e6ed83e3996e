// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// A book in memory that outlives the listener, and may fail.
private final class BookDouble: CommandBook {
  let kept = Mutex<[String: CommandOutcome]>([:])
  let fault: StoreFault?

  init(fault: StoreFault? = nil) { self.fault = fault }

  func begin(_ command: Command) async throws(StoreFault) -> CommandOutcome? {
    if let fault { throw fault }
    return kept.withLock { kept in
      defer { kept[command.id] = kept[command.id] ?? CommandOutcome(.unknown) }
      return kept[command.id]
    }
  }

  func finish(_ id: String, _ outcome: CommandOutcome) async throws(StoreFault) {
    kept.withLock { $0[id] = outcome }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct EventListenerTests {
  private let clock = ManualClock()
  private let link = LinkDouble()
  private let obeyed: AsyncStream<Command>
  private let obey: AsyncStream<Command>.Continuation
  private let time = StandingTime()

  init() { (obeyed, obey) = AsyncStream.makeStream(of: Command.self) }

  private func command(_ tail: String, seconds: Int64 = 60) -> Command {
    Command(
      id: String(repeating: "0", count: 32 - tail.utf8.count) + tail, act: "report",
      until: time.at.advanced(bySeconds: seconds))
  }

  private func text(_ row: Int, _ event: TerminalEvent) -> String {
    "id: \(row)\nevent: \(event.kind)\ndata: \(String(decoding: event.data, as: UTF8.self))\n\n"
  }

  private func listening(
    _ book: any CommandBook, timeFlies: Bool = false, catalogue: @escaping @Sendable () -> Void = {},
    _ body: (inout AsyncStream<StreamDouble>.Iterator) async throws -> Void
  ) async throws {
    let obey = obey
    let listener = EventListener(
      link: link, commands: book, chance: CountingChance(), clock: clock,
      obey: { command in
        obey.yield(command)
        return CommandOutcome(.done)
      }, catalogue: catalogue, now: time)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await listener.run() }
      if timeFlies { group.addTask { [clock] in await clock.fly() } }
      var streams = link.streams.makeAsyncIterator()
      try await body(&streams)
      group.cancelAll()
    }
  }

  @Test func aCommandThatComesAgainIsAnsweredAndNotObeyedTwice() async throws {
    let book = BookDouble()
    let (first, second) = (command("1"), command("2"))
    try await listening(book) { streams in
      let stream = try await streams.one()
      var told = link.told.makeAsyncIterator()
      stream.say(text(1, .command(first)) + text(1, .command(first)) + text(2, .command(second)))
      var answers: [String] = []
      for _ in 0..<2 { answers.append(try await told.one().id) }
      while answers.last != second.id { answers.append(try await told.one().id) }
      #expect(Set(answers) == [first.id, second.id])
    }
    obey.finish()
    var done: [Command] = []
    for await command in obeyed { done.append(command) }
    #expect(done == [first, second])
  }

  @Test func aCommandBegunInAFormerLifeIsAnsweredUnknown() async throws {
    let book = BookDouble()
    let order = command("1")
    book.kept.withLock { $0[order.id] = CommandOutcome(.unknown) }
    try await listening(book) { streams in
      let stream = try await streams.one()
      stream.say(text(1, .command(order)))
      var told = link.told.makeAsyncIterator()
      #expect(try await told.one().outcome.word == .unknown)
    }
    obey.finish()
    for await _ in obeyed { Issue.record("it was obeyed") }
  }

  @Test func aCommandThatIsTooLateIsRefused() async throws {
    try await listening(BookDouble()) { streams in
      let stream = try await streams.one()
      stream.say(text(1, .command(command("1", seconds: -1))))
      var told = link.told.makeAsyncIterator()
      #expect(try await told.one().outcome.word == .refused)
    }
    obey.finish()
    for await _ in obeyed { Issue.record("it was obeyed") }
  }

  @Test func aCommandThatCannotBeNotedIsNotObeyed() async throws {
    try await listening(BookDouble(fault: .full)) { streams in
      let stream = try await streams.one()
      stream.say(text(1, .command(command("1"))))
      var told = link.told.makeAsyncIterator()
      #expect(try await told.one().outcome.word == .failed)
    }
    obey.finish()
    for await _ in obeyed { Issue.record("it was obeyed") }
  }

  @Test func anAcknowledgementIsRepeatedUntilTheCentreHasItAndHoldsNobodyUp() async throws {
    link.acknowledgements.withLock { $0 = [.failure(.later(seconds: nil))] }
    try await listening(BookDouble()) { streams in
      let stream = try await streams.one()
      var told = link.told.makeAsyncIterator()
      stream.say(text(1, .command(command("1"))))
      #expect(try await told.one().id == command("1").id)
      await clock.pass(.milliseconds(500)...(.seconds(1)))
      #expect(try await told.one().id == command("1").id)
    }
  }

  @Test func itGoesOnBehindTheLastEventItHeard() async throws {
    try await listening(BookDouble()) { streams in
      let first = try await streams.one()
      #expect(first.after == nil)
      first.say(text(41, .command(command("1"))))
      var done = obeyed.makeAsyncIterator()
      _ = try await done.one()
      first.feed.finish()
      await clock.pass(.milliseconds(100)...(.seconds(1)))
      let second = try await streams.one()
      #expect(second.after == "41")
    }
  }

  @Test func aSilentStreamIsOpenedAgainAfterTwoAndAHalfHeartbeats() async throws {
    try await listening(BookDouble(), timeFlies: true) { streams in
      let first = try await streams.one()
      first.say(": hb\n\n")
      // It hangs, as a half-open network does; nobody closes it.
      _ = try await streams.one()
      #expect(clock.now.offset > .milliseconds(37_500))
    }
  }

  @Test func aFaultyEventDoesNotStopTheNext() async throws {
    let (looks, look) = AsyncStream.makeStream(of: Void.self)
    let tell: @Sendable () -> Void = { look.yield() }
    try await listening(BookDouble(), catalogue: tell) { streams in
      let stream = try await streams.one()
      stream.say("event: command\ndata: {\"id\":1,\"id\":2}\n\nevent: later\ndata: {}\n\n")
      stream.say(text(3, .catalogue(version: 9)))
      var heard = looks.makeAsyncIterator()
      try await heard.one()
    }
  }

  @Test func theFirstReconnectIsFastAndTheNextAreSpread() {
    var reconnecting = Reconnecting()
    let chance = CountingChance()
    #expect(reconnecting.pause(hadBeenOpen: true, chance) <= .seconds(1))
    let pauses = (0..<20).map { _ in reconnecting.pause(hadBeenOpen: false, chance) }
    #expect(pauses.allSatisfy { (.seconds(5)...(.seconds(10))).contains($0) })
    #expect(Set(pauses).count > 10)
    #expect(reconnecting.pause(hadBeenOpen: true, chance) <= .seconds(1))
  }
}
