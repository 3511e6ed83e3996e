// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

/// What the schema does not hold, whatever the judge said, costs nobody else.
@Suite(.everyWay) struct OneOfABatchTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  private let unreadable = Verdict.refused(reason: "unreadable", correctable: false)

  private func storeAll(_ arrivals: Arrival...) async throws -> [Verdict] {
    try await desk.store.take(arrivals, at: Desk.night, due: Desk.due) { _, circumstances in
      .store(awaiting: circumstances.missing)
    }
  }

  private func bad(
    _ id: Int, kind: EnvelopeKind = .application, _ change: (inout Routing) -> Void
  ) throws -> Arrival {
    var arrival = try desk.arrival(
      desk.number(id), id: id, kind: kind, told: kind == .told ? .shown : nil)
    var routing = try #require(arrival.soundRouting)
    change(&routing)
    arrival.standing = .sound(routing)
    return arrival
  }

  @Test func `an envelope that cannot be held is refused alone, its bytes kept`() async throws {
    let before = try desk.arrival(desk.number(1), id: 1)
    let misfit = try bad(2) { $0.claimHash = "no hash" }
    let after = try desk.arrival(desk.number(3), id: 3)
    #expect(try await storeAll(before, misfit, after) == [.stored, unreadable, .stored])
    let record = try #require(await desk.store.application(desk.number(2)))
    #expect(record.state == .refused && record.reason == .unreadable && record.routing == nil)
    #expect(record.owner == "clerk" && record.due == Desk.due)
    #expect(try await desk.store.envelope(desk.number(2)) == misfit.envelope)
    let numbers = try await desk.store.applications(after: 0, limit: 9).map(\.caseNumber)
    #expect(numbers == ["320507-20261121-000001", nil, "320507-20261121-000002"])
  }

  @Test(arguments: EnvelopeKind.allCases)
  func `a wrong claim hash or rating costs its own envelope only`(kind: EnvelopeKind) async throws {
    let hash = try bad(1, kind: kind) { $0.claimHash = String(repeating: "é", count: 32) }
    let rating = try bad(2, kind: kind) { $0.rating = 6 }
    let good = try desk.arrival(desk.number(3), id: 3)
    #expect(try await storeAll(hash, rating, good) == [unreadable, unreadable, .stored])
    let counts = try await desk.store.counts()
    #expect(counts.refused == 2 && counts.applications == 1 && counts.deliveries == 3)
  }

  @Test func `a second application of a number is refused alone`() async throws {
    let first = try desk.arrival(desk.number(33), id: 1)
    let second = try desk.arrival(desk.number(33), id: 2)
    #expect(try await storeAll(first, second) == [.stored, unreadable])
    #expect(try await desk.store.envelope(desk.number(33)) == first.envelope)
    #expect(try await desk.store.counts().refused == 1)
  }

  @Test func `what is refused so comes again to its own place`() async throws {
    let misfit = try bad(1) { $0.claimHash = "" }
    #expect(try await storeAll(misfit) == [unreadable])
    #expect(try await storeAll(misfit, desk.arrival(desk.number(2), id: 2)) == [unreadable, .stored])
    let records = try await desk.store.applications(after: 0, limit: 9)
    #expect(records.map(\.deliveries) == [2, 1])
  }

  @Test func `what is stored is already there, even for a judge who forgot`() async throws {
    let kept = try desk.arrival(desk.number(33), id: 1)
    #expect(try await storeAll(kept) == [.stored])
    #expect(try await storeAll(kept, desk.arrival(desk.number(34), id: 2)) == [.already, .stored])
    #expect(try await desk.refuse(kept, .unreadable) == [.already])
    #expect(try await desk.store.application(desk.number(33))?.deliveries == 3)
  }

  @Test func `a stranger's misfit stays a stranger's`() async throws {
    let misfit = try bad(1) { $0.rating = 0 }
    let verdicts = try await desk.refuse(misfit, .foreignNumber)
    #expect(verdicts == [.refused(reason: "foreignNumber", correctable: false)])
    #expect(try await desk.store.publicApplication(desk.number(1)) == nil)
    #expect(try await desk.store.envelope(desk.number(1)) == misfit.envelope)
  }

  @Test func `what cannot be kept in any form still gets its word`() async throws {
    let arrivals = [try desk.arrival(desk.number(1), id: 1), try desk.arrival(desk.number(2), id: 2)]
    // Nothing can be due when it comes.
    let verdicts = try await desk.store.take(arrivals, at: Desk.night, due: Desk.night) { arrival, _ in
      arrival.envelope.id == Desk.id(1) ? .refuse(.unreadable) : .store(awaiting: [])
    }
    #expect(verdicts == [unreadable, .stored])
    #expect(try await desk.store.counts().deliveries == 1)
  }
}
