// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import Delivery

struct BatchOrderTests {
  private let plan = CourierPlan<ManualClock.Instant>(chance: EvenChance(), inFlight: 4, batchSize: 50)

  @Test func whatFollowsWaitsWhileTheOtherIsOnItsWay() throws {
    let first = try envelope(1)
    let follower = try envelope(2, after: [first])
    let other = try envelope(3)
    let batch = plan.compose([follower, other], limit: 50, blocked: [first.id])
    #expect(batch == [other])
  }

  @Test func whatFollowsGoesBehindTheOtherInOneBatch() throws {
    let first = try envelope(1)
    let follower = try envelope(2, after: [first])
    // A visit waits for the follower, so the outbox gives it first.
    #expect(plan.compose([follower, first], limit: 50, blocked: []) == [first, follower])
  }

  @Test func whatFollowsDoesNotGoWhenTheOtherHadNoRoom() throws {
    let rows = [try envelope(1), try envelope(2)]
    let follower = try envelope(3, after: [rows[1]])
    #expect(plan.compose(rows + [follower], limit: 1, blocked: []) == [rows[0]])
  }

  @Test func aChainKeepsItsOrder() throws {
    let first = try envelope(1)
    let second = try envelope(2, after: [first])
    let third = try envelope(3, after: [second])
    #expect(plan.compose([third, second, first], limit: 50, blocked: []) == [first, second, third])
  }

  @Test func aCircleIsSentSomehow() throws {
    let seed = try envelope(1)
    let other = try envelope(2, after: [seed])
    var first = seed
    first.after = [other.id]
    let batch = plan.compose([first, other], limit: 50, blocked: [])
    #expect(Set(batch.map(\.id)) == [first.id, other.id])
  }

  @Test func whatIsNotInTheOutboxIsNotWaitedFor() throws {
    let follower = try envelope(2, after: [try envelope(1)])
    #expect(plan.compose([follower], limit: 50, blocked: []) == [follower])
  }

  @Test func aBatchIsBoundedInBytesButTakesOneOfAnySize() throws {
    let rows = try (1...3).map { try envelope($0, bytes: 300 * 1024) }
    #expect(plan.compose(rows, limit: 50, blocked: []) == [rows[0]])
    let huge = try envelope(4, bytes: 9 << 20)
    #expect(plan.compose([huge], limit: 50, blocked: []) == [huge])
  }

  @Test func suspectsDoNotMakeOthersSuspect() throws {
    var plan = plan
    let (bad, good) = (try envelope(1), try envelope(2))
    plan.suspects[bad.id] = 1
    #expect(plan.compose([bad, good], limit: 50, blocked: []) == [bad])
    #expect(plan.compose([good, bad], limit: 50, blocked: []) == [good])
  }

  @Test func rowsThatAVisitWaitsForAreThoseBeforeTheOldest() throws {
    let rows = try (1...9).map { try envelope($0) }
    let plan = CourierPlan<ManualClock.Instant>.self
    #expect(plan.awaited([rows[8], rows[1], rows[2]]) == [rows[8]])
    #expect(plan.awaited([rows[7], rows[8], rows[1], rows[2]]) == [rows[7], rows[8]])
    #expect(plan.awaited([rows[1], rows[2], rows[8]]) == [])
    #expect(plan.awaited([rows[8]]) == [rows[8]])
  }
}
