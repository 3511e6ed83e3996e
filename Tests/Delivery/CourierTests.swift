// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

private struct AuditDouble: AuditTrail {
  var kept: AuditHead?
  func note(_ entry: AuditEntry) async throws(StoreFault) {}
  func head() async throws(StoreFault) -> AuditHead {
    guard let kept else { throw .broken }
    return kept
  }
}

@Suite(.timeLimit(.minutes(1)))
struct CourierTests {
  private let clock = ManualClock()
  private let link = LinkDouble()

  /// Runs a courier beside `body`.
  private func carrying(
    _ outbox: OutboxDouble, audit: (any AuditTrail)? = nil, inFlight: Int = 4,
    batchSize: Int = 50, timeFlies: Bool = false,
    _ body: (inout AsyncStream<Sent>.Iterator) async throws -> Void
  ) async throws {
    let courier = Courier(
      outbox: outbox, link: link, terminal: "T0012", chance: CountingChance(), clock: clock,
      audit: audit, inFlight: inFlight, batchSize: batchSize, report: { _ in })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await courier.run() }
      if timeFlies { group.addTask { [clock] in await clock.fly() } }
      var sent = link.sent.makeAsyncIterator()
      try await body(&sent)
      group.cancelAll()
    }
  }

  @Test(arguments: [
    CentralAnswer.unreachable, .notTrusted, .unknownTerminal, .notUnderstood, .tooMuch,
    .later(seconds: nil), .verdicts([:], auditCut: true),
  ])
  func noAnswerWithoutVerdictsSettlesAnything(_ answer: CentralAnswer) async throws {
    let rows = [try envelope(1), try envelope(2)]
    let outbox = OutboxDouble(rows)
    try await carrying(outbox, timeFlies: true) { sent in
      for _ in 0..<12 { try await sent.one().answer(answer) }
    }
    #expect(outbox.rows.withLock { $0 } == rows)
    #expect(outbox.settled.withLock { $0.isEmpty })
  }

  @Test func anEnvelopeKeepsItsIdFromTryToTryAndTheBatchDoesNot() async throws {
    let outbox = OutboxDouble([try envelope(1)])
    var messages: [EnvelopeMessage] = []
    var batches: Set<String> = []
    try await carrying(outbox) { sent in
      for _ in 0..<3 {
        let next = try await sent.one()
        messages += next.batch.envelopes
        batches.insert(next.batch.batch)
        next.answer(.unreachable)
        await clock.pass(.milliseconds(1)...(.milliseconds(700)))
      }
    }
    #expect(messages.count == 3)
    #expect(Set(messages).count == 1)
    #expect(batches.count == 3)
  }

  @Test func noEnvelopeIsOnItsWayTwice() async throws {
    let rows = try (1...10).map { try envelope($0) }
    let outbox = OutboxDouble(rows)
    try await carrying(outbox, inFlight: 3, batchSize: 3) { sent in
      let flight = [try await sent.one(), try await sent.one(), try await sent.one()]
      #expect(flight.flatMap(\.tails) == Array(1...9))
      outbox.add(try envelope(11))
      var next = try await sent.one()
      #expect(next.tails.first == 10, "what is on its way is not sent again")
      flight[1].answer(.unreachable)
      await clock.pass(.milliseconds(1)...(.milliseconds(700)))
      flight[0].store(rows)
      flight[2].store(rows)
      next = try await sent.one()
      // The eleventh may have come too late for the batch with the tenth.
      while next.tails.isEmpty || next.tails == [11] { next = try await sent.one() }
      #expect(next.tails.first == 4)
    }
  }

  @Test func whatFollowsAnotherIsNotSentBeforeItIsSettled() async throws {
    let first = try envelope(1)
    let follower = try envelope(2, after: [first])
    let outbox = OutboxDouble([first])
    try await carrying(outbox) { sent in
      let one = try await sent.one()
      outbox.add(follower)
      outbox.add(try envelope(3))
      var next = try await sent.one()
      #expect(next.tails == [3])
      one.store([first])
      next = try await sent.one()
      #expect(next.tails == [2])
    }
  }

  @Test func aRowThatAVisitWaitsForPassesAFullPipe() async throws {
    let rows = try (1...8).map { try envelope($0) }
    let outbox = OutboxDouble(rows)
    try await carrying(outbox, inFlight: 2, batchSize: 2) { sent in
      let pipe = [try await sent.one(), try await sent.one()]
      #expect(pipe.flatMap(\.tails) == [1, 2, 3, 4])
      outbox.add(try envelope(10))
      outbox.add(try envelope(9), first: true)
      let express = try await sent.one()
      #expect(express.tails == [9])
    }
  }

  @Test func theVerdictsOfABatchAreKeptInOneCallAndForeignOnesIgnored() async throws {
    let rows = try (1...3).map { try envelope($0) }
    let outbox = OutboxDouble(rows)
    let refusal = Verdict.refused(reason: "matterWithdrawn", correctable: true)
    let foreign = try envelope(99)
    try await carrying(outbox) { sent in
      let batch = try await sent.one()
      outbox.rows.withLock { $0.append(foreign) }
      batch.answer(
        .verdicts(
          [rows[0].id: .stored, rows[1].id: refusal, rows[2].id: .already, foreign.id: .stored],
          auditCut: false))
      // The foreign one still waits, and goes.
      let next = try await sent.one()
      #expect(next.tails == [99])
    }
    #expect(
      outbox.settled.withLock { $0 } == [[rows[0].id: .stored, rows[1].id: refusal, rows[2].id: .already]])
  }

  @Test func aVerdictThatTheLedgerCouldNotKeepIsAskedForAgain() async throws {
    let rows = [try envelope(1)]
    let outbox = OutboxDouble(rows)
    outbox.failures.withLock { $0 = 1 }
    try await carrying(outbox, timeFlies: true) { sent in
      var tries = 0
      while outbox.settled.withLock({ $0.isEmpty }) {
        let next = try await sent.one()
        if !next.tails.isEmpty { tries += 1 }
        next.answer(.verdicts([rows[0].id: .already], auditCut: false))
      }
      #expect(tries == 2)
    }
    #expect(outbox.settled.withLock { $0 } == [[rows[0].id: .already]])
  }

  @Test func hangingBatchesAreSentAgainWhenTheCentreAnswersAQuestion() async throws {
    let rows = try (1...2).map { try envelope($0) }
    let outbox = OutboxDouble(rows)
    try await carrying(outbox, inFlight: 2, batchSize: 1) { sent in
      let hanging = [try await sent.one(), try await sent.one()]
      #expect(hanging.flatMap(\.tails) == [1, 2])
      var question = hanging[0]
      for _ in 0..<3 {
        await clock.pass(.milliseconds(750)...(.milliseconds(750)))
        question = try await sent.one()
        #expect(question.tails.isEmpty)
      }
      question.answer(.verdicts([:], auditCut: false))
      let again = [try await sent.one(), try await sent.one()]
      #expect(Set(again.flatMap(\.tails)) == [1, 2])
    }
  }

  @Test func theAuditHeadGoesWithABatchThatIsAloneOnItsWay() async throws {
    let head = AuditHead(entries: 7, chain: String(repeating: "a", count: 64))
    let outbox = OutboxDouble([try envelope(1), try envelope(2)])
    try await carrying(outbox, audit: AuditDouble(kept: head), batchSize: 1) { sent in
      let heads = [try await sent.one().batch.audit, try await sent.one().batch.audit]
      #expect(heads == [head, nil], "heads must not overtake each other")
    }
  }

  @Test func anUnreadableAuditTrailStopsNothing() async throws {
    try await carrying(OutboxDouble([try envelope(1)]), audit: AuditDouble()) { sent in
      let batch = try await sent.one().batch
      #expect(batch.audit == nil)
      #expect(batch.envelopes.count == 1)
    }
  }

  @Test func whenNothingWaitsItStillAsks() async throws {
    try await carrying(OutboxDouble([])) { sent in
      for _ in 0..<3 {
        let question = try await sent.one()
        #expect(question.tails.isEmpty)
        question.answer(.verdicts([:], auditCut: false))
        await clock.pass(.seconds(12)...(.seconds(15)))
      }
    }
  }

  @Test func aRowThatNobodyAnnouncedIsFoundWithTheNextQuestion() async throws {
    let outbox = OutboxDouble([])
    try await carrying(outbox) { sent in
      let question = try await sent.one()
      #expect(question.tails.isEmpty)
      let row = try envelope(1)
      outbox.rows.withLock { $0 = [row] }
      question.answer(.verdicts([:], auditCut: false))
      let found = try await sent.one()
      #expect(found.tails == [1])
    }
  }
}
