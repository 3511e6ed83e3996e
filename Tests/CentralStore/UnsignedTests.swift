// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

/// Unsigned envelopes must not fill the disk, and what could be a person's must not go first.
@Suite(.everyWay) struct UnsignedTests {
  let desk: Desk

  init() async throws {
    desk = try await Desk(bound: UnsignedBound(countEach: 4, countInAll: 6))
    _ = try await desk.enrol()
  }

  private func junk(
    _ id: Int, kind: EnvelopeKind = .application, peer: String = "T0012", allotment: String = "0001"
  ) throws -> Arrival {
    try desk.arrival(
      desk.number(id, allotment: allotment), id: id, kind: kind, standing: .badSignature, peer: peer)
  }

  private func send(_ arrivals: [Arrival]) async throws {
    for arrival in arrivals { #expect(try await desk.send([arrival]) == [.refused(.badSignature)]) }
  }

  private func kept() async throws -> [Int] {
    try await desk.store.tasks(after: 0, limit: 99, open: nil).map(\.number.sequence)
  }

  @Test func `beyond the bound of a sender the rest is dropped and counted`() async throws {
    try await send((1...9).map { try junk($0) })
    #expect(try await kept() == [1, 2, 3, 4])
    let counts = try await desk.store.counts()
    #expect(counts.dropped == 5 && counts.droppedBytes > 5 * 500 && counts.refused == 4)
  }

  @Test func `one sender's junk leaves room for another's, up to the bound of all`() async throws {
    try await send((1...5).map { try junk($0) })
    try await send((11...15).map { try junk($0, peer: "T0013") })
    #expect(try await kept() == [1, 2, 3, 4, 11, 12])
    #expect(try await desk.store.counts().dropped == 4)
  }

  @Test func `the same bytes are one row, however often they come`() async throws {
    let one = try junk(1)
    try await send(Array(repeating: one, count: 20))
    #expect(try await kept() == [1])
    let counts = try await desk.store.counts()
    #expect(counts.dropped == 0 && counts.deliveries == 20)
  }

  @Test func `what can be no application makes room for what could be one`() async throws {
    try await send([
      junk(1, kind: .told), junk(2, allotment: "0009"), junk(3), junk(4, kind: .rating),
    ])
    try await send([junk(5), junk(6), junk(7)])
    #expect(try await kept() == [3, 5, 6, 7])
    try await send([junk(8), junk(9, kind: .told)])
    #expect(try await kept() == [3, 5, 6, 7])
    #expect(try await desk.store.counts().dropped == 5)
  }

  @Test func `what a clerk has settled goes first, and is no loss`() async throws {
    try await send((1...4).map { try junk($0) })
    let second = try #require(await desk.store.tasks(after: 0, limit: 9, open: true).dropFirst().first)
    _ = try await desk.store.settleTask(second.row, note: "junk", at: Desk.night)
    try await send([junk(5, kind: .told)])
    #expect(try await kept() == [1, 3, 4, 5])
    #expect(try await desk.store.counts().dropped == 0)
  }

  @Test func `signed envelopes are outside the bound`() async throws {
    try await send((1...4).map { try junk($0) })
    for id in 11...20 {
      let arrival = try desk.arrival(desk.number(id), id: id, standing: .unreadable)
      #expect(try await desk.send([arrival]) == [.refused(.unreadable)])
    }
    #expect(try await kept().count == 14)
  }

  @Test func `what was kept unsigned is stored when it comes sound, and gives its room back`() async throws {
    var one = try junk(1)
    try await send([one])
    let routing = try #require(try desk.arrival(desk.number(1), id: 1).soundRouting)
    one.standing = .sound(routing)
    #expect(try await desk.send([one]) == [.stored])
    try await send((2...5).map { try junk($0) })
    #expect(try await desk.store.counts().dropped == 0)
  }

  @Test func `bytes are bounded too`() async throws {
    let size = try junk(1).envelope
    let bytes = size.header.count + size.routing.count + size.content.count + 64
    let desk = try await Desk(
      bound: UnsignedBound(bytesEach: bytes * 2 + 40, bytesInAll: bytes * 3 + 60))
    for id in 1...3 {
      let arrival = try desk.arrival(desk.number(id), id: id, standing: .badSignature)
      _ = try await desk.send([arrival])
    }
    #expect(try await desk.store.counts().refused == 2)
    for id in 4...6 {
      let arrival = try desk.arrival(
        desk.number(id), id: id, standing: .badSignature, peer: "T0099")
      _ = try await desk.send([arrival])
    }
    let counts = try await desk.store.counts()
    #expect(counts.refused == 3 && counts.dropped == 3)
  }
}
