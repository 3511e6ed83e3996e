// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// Carries what waits to the centre, for ever. Pulls by level ("what is unsent"), never by
/// edge; settles an envelope only on the centre's verdict for it.
public struct Courier<Time: Clock<Duration>>: Sendable {
  private let outbox: any Outbox
  private let link: any CentralLink
  private let terminal: String
  private let chance: any RandomSource
  private let clock: Time
  private let report: @Sendable (CentralAnswer) -> Void
  /// Envelopes in a batch at most.
  private let batchSize: Int

  /// - Parameter report: hears each answer, for the board.
  public init(
    outbox: any Outbox, link: any CentralLink, terminal: String, chance: any RandomSource,
    clock: Time, batchSize: Int = 50, report: @escaping @Sendable (CentralAnswer) -> Void
  ) {
    self.outbox = outbox
    self.link = link
    self.terminal = terminal
    self.chance = chance
    self.clock = clock
    self.batchSize = batchSize
    self.report = report
  }

  /// Carries until the task is cancelled. Asks with an empty batch when nothing waits, so
  /// that the first page can say whether the centre can be reached.
  public func run() async {
    let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    await withTaskGroup(of: Void.self) { group in
      let (news, clock, pause) = (outbox.news(), clock, Self.betweenQuestions)
      group.addTask { for await _ in news { wake.yield() } }
      group.addTask {
        while !Task.isCancelled {
          wake.yield()
          // Throws only when cancelled, which the loop sees.
          try? await clock.sleep(for: pause)
        }
      }
      var backOff = BackOff(limit: .seconds(4))
      var round = Round(size: batchSize)
      for await _ in wakes { await empty(&round, &backOff) }
      group.cancelAll()
    }
  }

  private static var betweenQuestions: Duration { .seconds(15) }

  /// Delivers until nothing waits.
  private func empty(_ round: inout Round, _ backOff: inout BackOff) async {
    var hasAsked = false
    while !Task.isCancelled {
      guard let pause = await deliverOnce(&round, &backOff) else {
        if !hasAsked { report(await link.deliver(batch(of: []))) }
        return
      }
      hasAsked = true
      // A cancelled sleep ends the loop by its condition.
      try? await clock.sleep(for: pause)
    }
  }

  private func batch(of envelopes: [Envelope]) -> BatchRequest {
    BatchRequest(
      batch: Hex.text(chance.bytes(16)), terminal: terminal,
      envelopes: envelopes.map { EnvelopeMessage($0) })
  }

  /// What one courier remembers between batches.
  struct Round {
    var size: Int
    /// Envelopes the centre could not take alone; they let the others pass first.
    var aside: Set<EnvelopeID> = []
  }

  /// Sends one batch. Nil when nothing waits; else how long to pause before the next.
  func deliverOnce(_ round: inout Round, _ backOff: inout BackOff) async -> Duration? {
    var waiting: [Envelope]
    do throws(StoreFault) {
      waiting = try await outbox.waiting(limit: round.size + round.aside.count)
    } catch {
      return backOff.next(chance)
    }
    let others = waiting.filter { !round.aside.contains($0.id) }
    if others.isEmpty { round.aside = [] } else { waiting = others }
    let envelopes = Array(waiting.prefix(round.size))
    guard !envelopes.isEmpty else {
      backOff.reset()
      round.size = batchSize
      return nil
    }
    let answer = await link.deliver(batch(of: envelopes))
    report(answer)
    return await heed(answer, envelopes, &round, &backOff)
  }

  private func heed(
    _ answer: CentralAnswer, _ envelopes: [Envelope], _ round: inout Round, _ backOff: inout BackOff
  ) async -> Duration {
    switch answer {
    case .verdicts(let verdicts):
      let settled = await settle(envelopes, verdicts)
      guard settled else { return backOff.next(chance) }
      backOff.reset()
      round.size = batchSize
      return .zero
    case .tooMuch where envelopes.count > 1:
      round.size = max(1, envelopes.count / 2)
      return .zero
    case .tooMuch:
      round.aside.formUnion(envelopes.map(\.id))
      return backOff.next(chance)
    case .later(let seconds):
      return backOff.next(chance, atLeast: .seconds(min(seconds ?? 0, 300)))
    case .unreachable, .unknownTerminal, .notUnderstood:
      return backOff.next(chance)
    }
  }

  /// True when at least one of `envelopes` is settled.
  private func settle(_ envelopes: [Envelope], _ verdicts: [EnvelopeID: Verdict]) async -> Bool {
    var settled = false
    for envelope in envelopes {
      guard let verdict = verdicts[envelope.id] else { continue }
      do throws(StoreFault) {
        try await outbox.settle(envelope.id, verdict)
        settled = true
      } catch {
        // Sent again later; the centre answers "already".
        continue
      }
    }
    return settled
  }
}
