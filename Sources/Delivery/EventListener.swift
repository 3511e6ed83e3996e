// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Wire

/// Listens to what the centre tells this terminal, for ever: opens the stream again when it
/// ends or falls silent, goes on behind the last event it heard, has commands obeyed once and
/// tells how they ended.
public struct EventListener<Time: Clock<Duration>>: Sendable {
  private let link: any CentralLink
  private let commands: any CommandBook
  private let chance: any RandomSource
  private let clock: Time
  private let obey: @Sendable (Command) async -> CommandOutcome
  private let catalogue: @Sendable () -> Void
  private let now: any WallTime

  /// - Parameters:
  ///   - commands: remembers over restarts what was obeyed.
  ///   - obey: does one command; refuses an act it does not know. One at a time.
  ///   - catalogue: hears that another catalogue can be had.
  public init(
    link: any CentralLink, commands: any CommandBook, chance: any RandomSource, clock: Time,
    obey: @escaping @Sendable (Command) async -> CommandOutcome,
    catalogue: @escaping @Sendable () -> Void, now: any WallTime
  ) {
    self.link = link
    self.commands = commands
    self.chance = chance
    self.clock = clock
    self.obey = obey
    self.catalogue = catalogue
    self.now = now
  }

  /// Listens until the task is cancelled.
  public func run() async {
    let acknowledgements = Acknowledgements(link: link, chance: chance, clock: clock)
    let execution = CommandExecution(book: commands, now: now, obey: obey)
    let (orders, order) = AsyncStream.makeStream(of: Command.self)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await acknowledgements.run() }
      group.addTask {
        for await command in orders {
          let outcome = await execution.outcome(of: command)
          // Cut off by the end of the process: the book knows that it was begun.
          if !Task.isCancelled { acknowledgements.add(command.id, outcome) }
        }
      }
      await listen(order)
      group.cancelAll()
    }
  }

  private func listen(_ order: AsyncStream<Command>.Continuation) async {
    var reconnecting = Reconnecting()
    var lastID: String?
    while !Task.isCancelled {
      let ear = Ear(lastID: lastID, heardAt: clock.now) { event in
        switch event {
        case .command(let command): order.yield(command)
        case .catalogue: catalogue()
        }
      }
      await untilSilent(ear)
      lastID = ear.lastID
      // Throws only when cancelled, which the loop sees.
      try? await clock.sleep(for: reconnecting.pause(hadBeenOpen: ear.wasOpen, chance))
    }
  }

  /// Returns when the stream ends, cannot be opened, or gives no sign of life for two and a half
  /// heartbeats.
  private func untilSilent(_ ear: Ear<Time.Instant>) async {
    let (link, clock) = (link, clock)
    await withTaskGroup(of: Void.self) { race in
      race.addTask {
        _ = await link.events(after: ear.lastID) { ear.hear($0, at: clock.now) }
      }
      race.addTask {
        while !Task.isCancelled, clock.now < ear.deadline {
          // Throws only when cancelled, which the loop sees.
          try? await clock.sleep(until: ear.deadline, tolerance: nil)
        }
      }
      await race.next()
      race.cancelAll()
    }
  }
}

/// When a stream that ended is opened again: at once, and when that fails in 5 to 10 s, by
/// chance, since all terminals lose a centre that is restarted in the same moment (10,000 of
/// them are back in 10 s with a tenth of the failed attempts; measured).
struct Reconnecting: Sendable {
  private var failures = 0

  mutating func pause(hadBeenOpen: Bool, _ chance: any RandomSource) -> Duration {
    failures = hadBeenOpen ? 0 : failures + 1
    return failures == 0
      ? chance.duration(from: .milliseconds(100), to: .seconds(1))
      : chance.duration(from: .seconds(5), to: .seconds(10))
  }
}

/// What one stream said so far.
private final class Ear<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
  private struct State: Sendable {
    var parser = ServerSentEvents()
    var lastID: String?
    var heardAt: Instant
    var wasOpen = false
  }

  private let state: Mutex<State>
  private let take: @Sendable (TerminalEvent) -> Void

  init(lastID: String?, heardAt: Instant, take: @escaping @Sendable (TerminalEvent) -> Void) {
    state = Mutex(State(lastID: lastID, heardAt: heardAt))
    self.take = take
  }

  var lastID: String? { state.withLock { $0.lastID } }
  var wasOpen: Bool { state.withLock { $0.wasOpen } }

  /// When it has been silent for too long: two and a half of the centre's heartbeats.
  var deadline: Instant { state.withLock { $0.heardAt.advanced(by: .milliseconds(37_500)) } }

  func hear(_ bytes: [UInt8], at now: Instant) {
    let events = state.withLock { state in
      state.heardAt = now
      state.wasOpen = true
      let events = state.parser.read(bytes)
      state.lastID = events.last?.id ?? state.lastID
      return events
    }
    for event in events {
      // One that cannot be read is passed over, so that it does not stop those behind it.
      guard let known = try? TerminalEvent.decode(kind: event.kind, data: event.data) else { continue }
      take(known)
    }
  }
}
