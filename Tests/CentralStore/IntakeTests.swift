// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct IntakeTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  @Test func `an application is kept as it was sealed and gets a case number`() async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    #expect(try await desk.take(arrival) == [.stored])
    let record = try #require(await desk.store.application(desk.number(33)))
    #expect(record.state == .received)
    #expect(record.caseNumber == "320507-20261121-000001")
    #expect(record.routing == Optional(try #require(arrival.soundRouting)))
    #expect(record.receivedAt == Desk.night && record.deliveries == 1 && record.told == nil)
    #expect(record.reason == nil && record.owner == nil && record.due == nil)
    #expect(try await desk.store.envelope(desk.number(33)) == arrival.envelope)
  }

  @Test func `case numbers count by area and day of receipt`() async throws {
    let nextDay = Desk.night.advanced(bySeconds: 86_400)
    _ = try await desk.take(desk.arrival(desk.number(1), id: 1), desk.arrival(desk.number(2), id: 2))
    _ = try await desk.take(desk.arrival(desk.number(3), id: 3), at: nextDay)
    _ = try await desk.take(desk.arrival(desk.number(4), id: 4))
    let records = try await desk.store.applications(after: 0, limit: 10)
    #expect(
      records.map(\.caseNumber) == [
        "320507-20261121-000001", "320507-20261121-000002", "320507-20261122-000001",
        "320507-20261121-000003",
      ])
  }

  @Test func `what comes twice is kept once and counted`() async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    #expect(try await desk.take(arrival, arrival) == [.stored, .already])
    #expect(try await desk.take(arrival) == [.already])
    #expect(try await desk.store.application(desk.number(33))?.deliveries == 3)
    let counts = try await desk.store.counts()
    #expect(counts.applications == 1 && counts.deliveries == 3 && counts.repeats == 2)
  }

  @Test func `the told envelope of an application says how its number reached her`() async throws {
    let filing = try desk.arrival(desk.number(33), id: 1)
    let told = try desk.arrival(
      desk.number(33), id: 2, kind: .told, after: [Desk.id(1)], told: .unknown)
    #expect(try await desk.take(filing, told) == [.stored, .stored])
    #expect(try await desk.store.application(desk.number(33))?.told == .unknown)
    let counts = try await desk.store.counts()
    #expect(counts.told == 1 && counts.held == 0)
  }

  @Test func `what arrives before what it follows is held until that is there`() async throws {
    let follower = try desk.arrival(desk.number(34), id: 3, after: [Desk.id(1), Desk.id(2)])
    #expect(try await desk.take(follower) == [.stored])
    #expect(try await desk.store.application(desk.number(34))?.state == .held)
    #expect(try await desk.store.application(desk.number(34))?.caseNumber == nil)
    #expect(try await desk.store.counts().held == 1)
    _ = try await desk.take(desk.arrival(desk.number(32), id: 1))
    #expect(try await desk.store.application(desk.number(34))?.state == .held)
    _ = try await desk.take(desk.arrival(desk.number(33), id: 2))
    #expect(try await desk.store.application(desk.number(34))?.state == .received)
    #expect(try await desk.store.application(desk.number(34))?.caseNumber != nil)
    #expect(try await desk.store.counts().held == 0)
  }

  @Test func `a told envelope follows an application that was refused for its matter`() async throws {
    let filing = try desk.arrival(desk.number(33), id: 1)
    #expect(
      try await desk.refuse(filing, .matterWithdrawn)
        == [.refused(reason: "matterWithdrawn", correctable: true)])
    let told = try desk.arrival(
      desk.number(33), id: 2, kind: .told, after: [Desk.id(1)], told: .printed)
    #expect(try await desk.take(told) == [.stored])
    #expect(try await desk.store.counts().held == 0)
    #expect(try await desk.store.application(desk.number(33))?.told == .printed)
  }

  @Test func `the judge hears what the store knows`() async throws {
    _ = try await desk.enrol()
    let kept = try desk.arrival(desk.number(33), id: 1)
    _ = try await desk.take(kept)
    try await desk.store.withdraw(matter: "ss_enrol_proof", at: Desk.night)
    try await desk.store.withdraw(matter: "ss_enrol_proof", at: Desk.night)
    let again = try desk.arrival(desk.number(33), id: 1)
    #expect(
      try await heard(again)
        == Circumstances(
          earlier: .init(digest: kept.digest, refused: false), numberIsTheTerminals: true,
          numberIsTaken: false, matterIsWithdrawn: true, missing: []))
    let other = try desk.arrival(
      desk.number(33), id: 2, kind: .told, after: [Desk.id(1), Desk.id(9)], told: .shown)
    #expect(
      try await heard(other)
        == Circumstances(
          earlier: nil, numberIsTheTerminals: true, numberIsTaken: false, matterIsWithdrawn: false,
          missing: [Desk.id(9)]))
    let foreign = try desk.arrival(desk.number(33, allotment: "0004"), id: 3)
    #expect(try await !heard(foreign).numberIsTheTerminals)
    let spare = try desk.arrival(desk.number(33, allotment: "0003"), id: 3)
    #expect(try await heard(spare).numberIsTheTerminals)
  }

  private func heard(_ arrival: Arrival) async throws -> Circumstances {
    let ear = Ear()
    _ = try await desk.store.take([arrival], at: Desk.night, due: Desk.due) { _, circumstances in
      ear.hear(circumstances)
      return .already
    }
    return try #require(ear.circumstances)
  }
}
