// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import Delivery

struct CourierPlanTests {
  private typealias Plan = CourierPlan<ManualClock.Instant>

  private let start = ManualClock.Instant()

  private func plan(inFlight: Int = 4, batchSize: Int = 50) -> Plan {
    CourierPlan(chance: EvenChance(), inFlight: inFlight, batchSize: batchSize)
  }

  private func after(_ duration: Duration) -> ManualClock.Instant { start.advanced(by: duration) }

  private func stored(_ envelopes: [Envelope]) -> TripEnd {
    .answered(.verdicts([:], auditCut: false), settled: Set(envelopes.map(\.id)))
  }

  private func end(_ answer: CentralAnswer) -> TripEnd { .answered(answer, settled: []) }

  @Test func batchesGoSideBySideUpToTheLimit() throws {
    var plan = plan()
    for tail in 1...4 {
      #expect(plan.next(at: start)?.purpose == .carrying)
      _ = plan.start(.carrying, [try envelope(tail)], at: start)
    }
    #expect(plan.next(at: start) == nil)
  }

  @Test func theCentresRetryAfterIsHeededByAll() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, end(.later(seconds: 40)), at: start)
    plan.heardNews()
    #expect(plan.next(at: after(.seconds(39))) == nil)
    #expect(plan.next(at: after(.seconds(46)))?.purpose == .carrying)
  }

  @Test func anotherBatchesSuccessDoesNotCutRetryAfterShort() throws {
    var plan = plan()
    let first = plan.start(.carrying, [try envelope(1)], at: start).number
    let second = plan.start(.carrying, [try envelope(2)], at: start).number
    plan.finish(first, end(.later(seconds: 40)), at: start)
    plan.finish(second, stored([try envelope(2)]), at: start)
    #expect(plan.next(at: after(.seconds(39))) == nil)
  }

  @Test func noRetryAfterPausesForLongerThanFiveMinutesAndALittle() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, end(.later(seconds: 999_999)), at: start)
    #expect(plan.next(at: after(.seconds(340))) != nil)
  }

  @Test(arguments: [(CentralAnswer.unreachable, 700), (.notTrusted, 4000)])
  func whileSomethingWaitsAnUnreachableCentreIsTriedEverySecond(
    _ answer: CentralAnswer, milliseconds: Int
  ) throws {
    var plan = plan()
    var now = start
    for _ in 0..<30 {
      let next = plan.next(at: now)
      #expect(next?.purpose == .carrying)
      let trip = plan.start(.carrying, [try envelope(1)], at: now).number
      plan.finish(trip, end(answer), at: now)
      #expect(plan.next(at: now) == nil, "it does not spin")
      now = now.advanced(by: .milliseconds(milliseconds))
    }
  }

  @Test func pausesGrowUpToALimitAndDifferByChance() {
    let chance = CountingChance()
    var (one, other) = (BackOff(), BackOff())
    let pauses = (0..<8).map { _ in one.next(chance, limit: .seconds(4)) }
    let others = (0..<8).map { _ in other.next(chance, limit: .seconds(4)) }
    #expect(pauses != others)
    for (step, pause) in pauses.enumerated() {
      let whole = min(Duration.seconds(4), .milliseconds(250) * (1 << step))
      #expect((whole / 2...whole).contains(pause))
    }
  }

  @Test func batchesThatFailTogetherCountAsOneFailure() throws {
    var plan = plan()
    let trips = try (1...4).map { plan.start(.carrying, [try envelope($0)], at: start).number }
    for trip in trips { plan.finish(trip, end(.later(seconds: nil)), at: start) }
    #expect(plan.backOff.step == 1)
  }

  @Test func whileItFailsOneBatchTriesForAll() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, end(.unreachable), at: start)
    let later = after(.seconds(1))
    _ = plan.start(.carrying, [try envelope(1)], at: later)
    #expect(plan.next(at: later) == nil)
  }

  @Test func whatIsTooMuchIsHalvedDownToTheOneThatThenBacksOffAlone() throws {
    var plan = plan(inFlight: 1)
    let rows = try (1...4).map { try envelope($0) }
    var sizes: [Int] = []
    var waiting = rows
    // The centre cannot read the third.
    for _ in 0..<8 {
      guard let next = plan.next(at: start), next.purpose == .carrying else { break }
      let window = waiting.filter { !plan.excluded.contains($0.id) }
      let batch = plan.compose(window, limit: next.limit, blocked: plan.excluded)
      if batch.isEmpty { break }
      sizes.append(batch.count)
      let trip = plan.start(.carrying, batch, at: start).number
      if batch.contains(rows[2]) {
        plan.finish(trip, end(.tooMuch), at: start)
      } else {
        plan.finish(trip, stored(batch), at: start)
        waiting.removeAll { batch.contains($0) }
      }
    }
    #expect(waiting == [rows[2]])
    #expect(sizes == [4, 2, 2, 1, 1])
    #expect(plan.excluded == [rows[2].id])
  }

  @Test func whoStandsAsideDoesSoLongerEachTimeAndNobodyElseDoes() throws {
    var plan = plan()
    let (bad, good) = (try envelope(1), try envelope(2))
    var now = start
    var pauses: [Duration] = []
    for _ in 0..<4 {
      let trip = plan.start(.carrying, [bad], at: now).number
      plan.finish(trip, end(.tooMuch), at: now)
      #expect(plan.next(at: now)?.purpose == .carrying, "the others go on")
      #expect(!plan.excluded.contains(good.id))
      let until = try #require(plan.aside[bad.id]?.until)
      pauses.append(now.duration(to: until))
      now = until
      plan.pass(to: now)
      #expect(plan.excluded.isEmpty)
    }
    #expect(pauses == pauses.sorted())
    #expect(Set(pauses).count == 4)
  }

  @Test func anItemWithoutAVerdictWaitsAndDoesNotSpin() throws {
    var plan = plan()
    let (silent, good) = (try envelope(1), try envelope(2))
    let trip = plan.start(.carrying, [silent, good], at: start).number
    plan.finish(trip, stored([good]), at: start)
    #expect(plan.excluded == [silent.id])
    #expect(plan.next(at: start)?.purpose == .carrying, "the others go on")
    plan.pass(to: after(.seconds(5)))
    #expect(plan.excluded.isEmpty)
  }

  @Test func aReplyWithoutAnyVerdictOfOursPausesAll() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, end(.verdicts([:], auditCut: false)), at: start)
    #expect(plan.next(at: start) == nil)
  }

  @Test func aLedgerThatCannotKeepAVerdictIsNotAskedAgainAtOnce() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, .answered(.verdicts([:], auditCut: false), settled: nil), at: start)
    #expect(plan.next(at: start)?.purpose != .carrying)
    #expect(plan.next(at: after(.seconds(1)))?.purpose == .carrying)
  }

  @Test func aRowThatAVisitWaitsForPassesAFullPipe() throws {
    var plan = plan()
    for tail in 1...4 { _ = plan.start(.carrying, [try envelope(tail)], at: start) }
    plan.heardNews()
    #expect(plan.next(at: start)?.purpose == .express)
    _ = plan.start(.express, [try envelope(5)], at: start)
    plan.heardNews()
    #expect(plan.next(at: start) == nil, "one beside the pipe, not many")
  }

  @Test func hangingBatchesAreGivenUpOnceAYoungerQuestionIsAnswered() throws {
    var plan = plan()
    let hanging = try (1...4).map { plan.start(.carrying, [try envelope($0)], at: start).number }
    #expect(plan.next(at: after(.milliseconds(749))) == nil)
    #expect(plan.next(at: after(.seconds(3)))?.purpose == .asking)
    let question = plan.start(.asking, [], at: after(.seconds(3))).number
    #expect(plan.giveUp(at: after(.seconds(3))).isEmpty, "silence alone ends nothing")
    plan.finish(question, end(.verdicts([:], auditCut: false)), at: after(.seconds(3)))
    #expect(plan.giveUp(at: after(.seconds(3))) == hanging)
    #expect(plan.giveUp(at: after(.seconds(3))).isEmpty, "each once")
  }

  @Test func aCentreThatIsSlowWithBatchesIsGivenMoreTimeEachTime() throws {
    var plan = plan()
    var now = start
    var patience: [Duration] = []
    for _ in 0..<4 {
      let trip = plan.start(.carrying, [try envelope(1)], at: now).number
      let question = plan.start(.asking, [], at: now).number
      plan.finish(question, end(.verdicts([:], auditCut: false)), at: now)
      let until = try #require(plan.wake(after: now.advanced(by: .seconds(1))))
      patience.append(plan.giveUpAfter)
      now = max(until, now.advanced(by: plan.giveUpAfter))
      #expect(plan.giveUp(at: now) == [trip])
      plan.finish(trip, .givenUp, at: now)
    }
    #expect(patience == [.seconds(2), .seconds(4), .seconds(8), .seconds(16)])
  }

  @Test func whenNothingWaitsItAsksAtLeastEveryFifteenSeconds() {
    var plan = plan()
    plan.foundNothing(.carrying)
    #expect(plan.next(at: start)?.purpose == .asking)
    let question = plan.start(.asking, [], at: start).number
    plan.finish(question, end(.verdicts([:], auditCut: false)), at: start)
    #expect(plan.next(at: start)?.purpose == .carrying, "it looks again whether something waits")
    plan.foundNothing(.carrying)
    #expect(plan.next(at: after(.seconds(11))) == nil)
    #expect(plan.next(at: after(.seconds(15)))?.purpose == .asking)
  }

  @Test func hurryForgetsEveryPause() throws {
    var plan = plan()
    let trip = plan.start(.carrying, [try envelope(1)], at: start).number
    plan.finish(trip, end(.later(seconds: 200)), at: start)
    plan.hurry()
    #expect(plan.next(at: start)?.purpose == .carrying)
  }
}
