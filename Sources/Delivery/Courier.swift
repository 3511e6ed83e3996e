// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Wire

/// Carries what waits to the centre, for ever. Pulls by level ("what is unsent"), never by
/// edge; settles an envelope only on the centre's verdict for it. When to send what is
/// `CourierPlan`'s; here it is done.
public struct Courier<Time: Clock<Duration>>: Sendable {
  private let outbox: any Outbox
  private let link: any CentralLink
  private let terminal: String
  private let chance: any RandomSource
  private let clock: Time
  private let audit: (any AuditTrail)?
  private let inFlight: Int
  private let batchSize: Int
  private let report: @Sendable (CentralAnswer) -> Void
  private let desk = CourierDesk()

  /// - Parameters:
  ///   - audit: its head goes with each batch that is alone on its way, where it can be read.
  ///   - inFlight: batches on their way at once at most.
  ///   - batchSize: envelopes in a batch at most.
  ///   - report: hears each answer, for the board.
  public init(
    outbox: any Outbox, link: any CentralLink, terminal: String, chance: any RandomSource,
    clock: Time, audit: (any AuditTrail)? = nil, inFlight: Int = 4, batchSize: Int = 50,
    report: @escaping @Sendable (CentralAnswer) -> Void
  ) {
    self.outbox = outbox
    self.link = link
    self.terminal = terminal
    self.chance = chance
    self.clock = clock
    self.audit = audit
    self.inFlight = inFlight
    self.batchSize = batchSize
    self.report = report
  }

  /// Forgets every pause and tries now.
  public func hurry() { desk.put(.hurry) }

  /// Carries until the task is cancelled. Asks with an empty batch at least every 15 s when
  /// nothing is sent, so that the first page can say whether the centre can be reached.
  public func run() async {
    await withDiscardingTaskGroup { group in
      let (news, desk) = (outbox.news(), desk)
      group.addTask { for await _ in news { desk.put(.news) } }
      desk.put(.news)
      var work = Work(plan: .init(chance: chance, inFlight: inFlight, batchSize: batchSize))
      for await _ in desk.bell {
        for event in desk.take() { heed(event, &work) }
        await send(&work, &group)
        setTimer(&work, &group)
      }
      group.cancelAll()
    }
  }

  /// What the loop holds between two events.
  private struct Work {
    var plan: CourierPlan<Time.Instant>
    /// Ending one of these gives its trip up.
    var handles: [Int: AsyncStream<Never>.Continuation] = [:]
    /// The earliest timer that is set.
    var timer: Time.Instant?
  }

  private func heed(_ event: CourierDesk.Event, _ work: inout Work) {
    switch event {
    case .news: work.plan.heardNews()
    case .hurry: work.plan.hurry()
    case .timer: work.timer = nil
    case .ended(let number, let end):
      work.handles[number] = nil
      work.plan.finish(number, end, at: clock.now)
    }
  }

  /// Sends until nothing more is to be sent now.
  private func send(_ work: inout Work, _ group: inout DiscardingTaskGroup) async {
    for number in work.plan.giveUp(at: clock.now) { work.handles[number]?.finish() }
    work.plan.pass(to: clock.now)
    while !Task.isCancelled, let (purpose, limit) = work.plan.next(at: clock.now) {
      guard purpose != .asking else {
        await start(.asking, [], &work, &group)
        continue
      }
      do throws(StoreFault) {
        let batch = try await gather(work.plan, purpose, limit)
        if batch.isEmpty {
          work.plan.foundNothing(purpose)
        } else {
          await start(purpose, batch, &work, &group)
        }
      } catch {
        work.plan.storeFailed(at: clock.now)
      }
    }
  }

  /// What may go now; looks further when the oldest all follow something that is under way.
  private func gather(
    _ plan: CourierPlan<Time.Instant>, _ purpose: CourierPlan<Time.Instant>.Purpose, _ limit: Int
  ) async throws(StoreFault) -> [Envelope] {
    var passed = plan.excluded
    if purpose == .express {
      let window = try await outbox.waiting(limit: limit, excluding: passed)
      let awaited = CourierPlan<Time.Instant>.awaited(window)
      return plan.compose(awaited, limit: limit, blocked: passed)
    }
    for _ in 0..<8 {
      let window = try await outbox.waiting(limit: limit, excluding: passed)
      let batch = plan.compose(window, limit: limit, blocked: passed)
      if !batch.isEmpty || window.count < limit { return batch }
      passed.formUnion(window.map(\.id))
    }
    return []
  }

  private func start(
    _ purpose: CourierPlan<Time.Instant>.Purpose, _ envelopes: [Envelope], _ work: inout Work,
    _ group: inout DiscardingTaskGroup
  ) async {
    let (number, yielding) = work.plan.start(purpose, envelopes, at: clock.now)
    if let yielding { work.handles[yielding]?.finish() }
    let (givenUp, handle) = AsyncStream.makeStream(of: Never.self)
    // Heads must not overtake each other: only a batch that is alone on its way carries one.
    let head = work.handles.isEmpty ? try? await audit?.head() : nil
    work.handles[number] = handle
    let batch = BatchRequest(
      batch: Hex.text(chance.bytes(16)), terminal: terminal,
      envelopes: envelopes.map { EnvelopeMessage($0) },
      // Without it the centre only does not compare.
      audit: head)
    let ids = Set(envelopes.map(\.id))
    group.addTask { [self] in
      let end = await carry(batch, ids, until: givenUp)
      desk.put(.ended(number, end))
    }
  }

  private func carry(
    _ batch: BatchRequest, _ ids: Set<EnvelopeID>, until givenUp: AsyncStream<Never>
  ) async -> TripEnd {
    let link = link
    let answer = await withTaskGroup(of: CentralAnswer?.self) { race in
      race.addTask { await link.deliver(batch) }
      race.addTask {
        for await _ in givenUp {}
        return nil
      }
      let first = await race.next()
      race.cancelAll()
      return first ?? nil
    }
    guard let answer else { return .givenUp }
    if Task.isCancelled {
      // The end of the process looks like a centre that is gone; but a verdict is a verdict.
      guard case .verdicts = answer else { return .givenUp }
    }
    report(answer)
    return .answered(answer, settled: await settle(answer, ids))
  }

  /// Keeps all verdicts on `ids` at once; nil when the ledger could not.
  private func settle(_ answer: CentralAnswer, _ ids: Set<EnvelopeID>) async -> Set<EnvelopeID>? {
    guard case .verdicts(let verdicts, _) = answer else { return [] }
    let ours = verdicts.filter { ids.contains($0.key) }
    guard !ours.isEmpty else { return [] }
    do throws(StoreFault) {
      try await outbox.settle(ours)
      return Set(ours.keys)
    } catch {
      // Sent again later; the centre answers "already".
      return nil
    }
  }

  private func setTimer(_ work: inout Work, _ group: inout DiscardingTaskGroup) {
    guard let wake = work.plan.wake(after: clock.now), work.timer.map({ wake < $0 }) ?? true else { return }
    work.timer = wake
    group.addTask { [clock, desk] in
      // Throws only when cancelled, and then nobody listens.
      try? await clock.sleep(until: wake, tolerance: nil)
      desk.put(.timer)
    }
  }
}

/// Where everything that the courier must hear of is put down.
final class CourierDesk: Sendable {
  enum Event: Sendable {
    case news
    case hurry
    case timer
    case ended(Int, TripEnd)
  }

  /// Rings when something was put down; several at once ring once.
  let bell: AsyncStream<Void>
  private let ring: AsyncStream<Void>.Continuation
  private let events = Mutex<[Event]>([])

  init() {
    (bell, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ event: Event) {
    events.withLock { events in
      if case .news = event, case .news = events.last { return }
      events.append(event)
    }
    ring.yield()
  }

  func take() -> [Event] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
