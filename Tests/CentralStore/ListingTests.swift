// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct ListingTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  @Test func `pages follow each other without gap or double, applications only`() async throws {
    for sequence in 1...7 {
      let id = sequence
      _ = try await desk.take(
        desk.arrival(desk.number(sequence), id: id),
        desk.arrival(
          desk.number(sequence), id: id + 100, kind: .told, after: [Desk.id(id)], told: .printed),
        desk.arrival(desk.number(sequence), id: id + 200, kind: .rating))
    }
    var seen: [Int] = []
    var cursor: Int64 = 0
    while let page = Optional(try await desk.store.applications(after: cursor, limit: 3)),
      let last = page.last
    {
      seen += page.map(\.number.sequence)
      cursor = last.row
    }
    #expect(seen == Array(1...7))
    let counts = try await desk.store.counts()
    #expect(counts.applications == 7 && counts.told == 7 && counts.ratings == 7)
  }

  @Test func `a visit that was invited to rate and did not is kept and counted apart`() async throws {
    let rated = try desk.arrival(desk.number(33), id: 1, kind: .rating)
    let invited = try desk.arrival(desk.number(34), id: 2, kind: .rating, rating: nil)
    #expect(try await desk.take(rated, invited) == [.stored, .stored])
    let counts = try await desk.store.counts()
    #expect(counts.ratings == 1 && counts.invited == 1 && counts.refused == 0)
  }

  @Test func `what was taken is there after a restart`() async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    _ = try await desk.take(arrival)
    #expect(try await desk.store.envelope(desk.number(33)) == arrival.envelope)
    #expect(
      try await desk.store.application(desk.number(33))?.caseNumber == "320507-20261121-000001")
  }

  @Test func `an unknown number has no application and no envelope`() async throws {
    #expect(try await desk.store.application(desk.number(33)) == nil)
    #expect(try await desk.store.envelope(desk.number(33)) == nil)
  }
}
