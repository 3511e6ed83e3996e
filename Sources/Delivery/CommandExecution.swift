// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization

/// Has a command obeyed once: it is on the disk as begun before it is done, and one that comes
/// again is answered with how it ended.
struct CommandExecution: Sendable {
  let book: any CommandBook
  let now: any WallTime
  let obey: @Sendable (Command) async -> CommandOutcome

  func outcome(of command: Command) async -> CommandOutcome {
    do throws(StoreFault) {
      if let kept = try await book.begin(command) { return kept }
    } catch {
      // What cannot be remembered is not done: it might be done twice.
      return CommandOutcome(.failed, detail: "the ledger could not note it")
    }
    let outcome = isTooLate(command) ? CommandOutcome(.refused, detail: "too late") : await obey(command)
    // Not kept: the book says "begun", which becomes `unknown` after a restart, and true.
    try? await book.finish(command.id, outcome)
    return outcome
  }

  /// With a clock that is certainly wrong the centre's own judgement stands: it sends nothing
  /// that is over its time.
  private func isTooLate(_ command: Command) -> Bool {
    let time = now.now()
    return time.quality != .unknown && command.until < time.at
  }
}

/// Tells the centre how commands ended, until it has heard. One that it does not take does not
/// hold up the others.
final class Acknowledgements<Time: Clock<Duration>>: Sendable {
  private struct State {
    var order: [String] = []
    var outcomes: [String: CommandOutcome] = [:]
  }

  private let link: any CentralLink
  private let chance: any RandomSource
  private let clock: Time
  private let state = Mutex(State())
  private let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation

  init(link: any CentralLink, chance: any RandomSource, clock: Time) {
    self.link = link
    self.chance = chance
    self.clock = clock
    (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func add(_ id: String, _ outcome: CommandOutcome) {
    state.withLock { state in
      if state.outcomes.updateValue(outcome, forKey: id) == nil { state.order.append(id) }
    }
    ring.yield()
  }

  func run() async {
    for await _ in bell {
      var backOff = BackOff(first: .seconds(1))
      while !Task.isCancelled, await !round() {
        // Throws only when cancelled, which the loop sees.
        try? await clock.sleep(for: backOff.next(chance, limit: .seconds(15)))
      }
    }
  }

  /// Tries each once; true when none is left.
  private func round() async -> Bool {
    for (id, outcome) in state.withLock({ state in state.order.map { ($0, state.outcomes[$0]) } }) {
      guard let outcome else { continue }
      do throws(LinkTrouble) {
        try await link.acknowledge(id, outcome)
        drop(id)
      } catch .missing {
        // Never ordered, as far as the centre knows; were it, it would come again.
        drop(id)
      } catch {
        continue
      }
    }
    return state.withLock { $0.order.isEmpty }
  }

  private func drop(_ id: String) {
    state.withLock { state in
      state.outcomes[id] = nil
      state.order.removeAll { $0 == id }
    }
  }
}
