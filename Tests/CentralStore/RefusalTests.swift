// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct RefusalTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  @Test(arguments: RefusalReason.allCases)
  func `a refused envelope is kept whole, with reason, owner and due time`(
    reason: RefusalReason
  ) async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    _ = try await desk.refuse(arrival, reason)
    let record = try #require(await desk.store.application(desk.number(33)))
    #expect(record.state == .refused && record.reason == reason)
    #expect(record.owner == "clerk" && record.due == Desk.due && record.caseNumber == nil)
    #expect(try await desk.store.envelope(desk.number(33)) == arrival.envelope)
    #expect(try await desk.store.counts().refused == 1)
  }

  @Test func `a refused envelope that comes again keeps its place and its due time`() async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    _ = try await desk.refuse(arrival, .matterWithdrawn)
    let first = try #require(await desk.store.application(desk.number(33)))
    _ = try await desk.refuse(
      arrival, .matterWithdrawn, at: Desk.night.advanced(bySeconds: 3600))
    let again = try #require(await desk.store.application(desk.number(33)))
    #expect(again.row == first.row && again.due == first.due)
    #expect(again.receivedAt == first.receivedAt && again.deliveries == 2)
  }

  @Test func `a refused envelope may be stored later`() async throws {
    let arrival = try desk.arrival(desk.number(33), id: 1)
    var stranger = arrival
    stranger.standing = .unknownTerminal
    _ = try await desk.refuse(stranger, .unknownTerminal)
    #expect(try await desk.store.application(desk.number(33))?.routing == nil)
    #expect(try await desk.take(arrival) == [.stored])
    let record = try #require(await desk.store.application(desk.number(33)))
    #expect(record.state == .received && record.deliveries == 2 && record.reason == nil)
    let counts = try await desk.store.counts()
    #expect(counts.refused == 0 && counts.applications == 1)
  }

  @Test func `junk takes neither id nor number`() async throws {
    var junk = try desk.arrival(desk.number(33), id: 1)
    junk.standing = .badSignature
    _ = try await desk.refuse(junk, .badSignature)
    let genuine = try desk.arrival(desk.number(33), id: 1)
    #expect(try await desk.take(genuine) == [.stored])
    #expect(try await desk.store.application(desk.number(33))?.state == .received)
    #expect(try await desk.store.envelope(desk.number(33)) == genuine.envelope)
  }

  @Test(arguments: RefusalReason.allCases)
  func `the public reads only what came from the terminal of the number`(
    reason: RefusalReason
  ) async throws {
    let others: Set<RefusalReason> = [
      .unknownTerminal, .badSignature, .foreignNumber, .foreignTerminal, .idTaken,
    ]
    let number = try desk.number(33)
    _ = try await desk.refuse(desk.arrival(number, id: 1), reason)
    let seen = try await desk.store.publicApplication(number)
    #expect(seen?.reason == (others.contains(reason) ? nil : reason))
    #expect(try await desk.store.application(number)?.reason == reason)
    #expect(try await desk.store.applications(after: 0, limit: 9).map(\.reason) == [reason])
  }

  @Test func `what others send later hides no refusal of the number's own terminal`() async throws {
    let own = try desk.arrival(desk.number(33), id: 1, standing: .unreadable)
    _ = try await desk.refuse(own, .unreadable)
    let junk = try desk.arrival(desk.number(33), id: 2, standing: .badSignature)
    _ = try await desk.refuse(junk, .badSignature)
    let number = try desk.number(33)
    #expect(try await desk.store.publicApplication(number)?.id == own.envelope.id)
    #expect(try await desk.store.application(number)?.id == own.envelope.id)
    #expect(try await desk.store.envelope(number) == own.envelope)
  }

  @Test func `a told envelope speaks for the application it follows and for no other`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(33), id: 1))
    _ = try await desk.refuse(desk.arrival(desk.number(33), id: 2), .numberTaken)
    let told = try desk.arrival(
      desk.number(33), id: 3, kind: .told, after: [Desk.id(2)], told: .unknown)
    _ = try await desk.take(told)
    let records = try await desk.store.applications(after: 0, limit: 9)
    #expect(records.map(\.told) == [nil, .unknown])
  }

  @Test func `junk that comes later does not hide what is stored`() async throws {
    let kept = try desk.arrival(desk.number(33), id: 1)
    _ = try await desk.take(kept)
    _ = try await desk.refuse(desk.arrival(desk.number(33), id: 1), .idTaken)
    _ = try await desk.refuse(desk.arrival(desk.number(33), id: 2), .numberTaken)
    #expect(try await desk.store.application(desk.number(33))?.state == .received)
    #expect(try await desk.store.envelope(desk.number(33)) == kept.envelope)
    let states = try await desk.store.applications(after: 0, limit: 9).map(\.state)
    #expect(states == [.received, .refused, .refused])
  }
}
