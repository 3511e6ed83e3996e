// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct TaskTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  private func refuse(_ sequence: Int, _ reason: RefusalReason = .unreadable) async throws {
    _ = try await desk.refuse(desk.arrival(desk.number(sequence), id: sequence), reason)
  }

  private func tasks(_ open: Bool?) async throws -> [RefusalTask] {
    try await desk.store.tasks(after: 0, limit: 99, open: open)
  }

  @Test func `each refused envelope of any kind is a task with owner and due time`() async throws {
    for (place, kind) in EnvelopeKind.allCases.enumerated() {
      let arrival = try desk.arrival(
        desk.number(place + 1), id: place + 1, kind: kind, told: kind == .told ? .shown : nil)
      _ = try await desk.refuse(arrival, .foreignTerminal)
    }
    let tasks = try await tasks(true)
    #expect(tasks.map(\.kind) == EnvelopeKind.allCases)
    #expect(tasks.allSatisfy { $0.owner == "clerk" && $0.due == Desk.due && $0.settledAt == nil })
    #expect(tasks.allSatisfy { $0.reason == .foreignTerminal && $0.terminal == Desk.terminal })
    #expect(try await desk.store.counts().openTasks == 5)
  }

  @Test func `pages of tasks follow each other without gap or double`() async throws {
    for sequence in 1...7 { try await refuse(sequence) }
    var seen: [Int] = []
    var cursor: Int64 = 0
    while let page = Optional(try await desk.store.tasks(after: cursor, limit: 3, open: true)),
      let last = page.last
    {
      seen += page.map(\.number.sequence)
      cursor = last.row
    }
    #expect(seen == Array(1...7))
  }

  @Test func `a task is settled once, with the first note, and its envelope stays`() async throws {
    for sequence in 1...2 { try await refuse(sequence) }
    let row = try #require(await tasks(true).first).row
    let later = Desk.night.advanced(bySeconds: 60)
    let settled = try #require(
      await desk.store.settleTask(row, note: "called her; filed again", at: later))
    #expect(settled.settledAt == later && settled.note == "called her; filed again")
    let again = try await desk.store.settleTask(row, note: "no", at: later.advanced(bySeconds: 1))
    #expect(again == settled)
    #expect(try await tasks(true).map(\.number.sequence) == [2])
    #expect(try await tasks(false) == [settled])
    #expect(try await tasks(nil).count == 2)
    let record = try #require(await desk.store.publicApplication(desk.number(1)))
    #expect(record.state == .refused && record.settledAt == later)
    let counts = try await desk.store.counts()
    #expect(counts.refused == 2 && counts.openTasks == 1)
  }

  @Test func `what is no refused envelope is no task`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(1), id: 1))
    let row = try #require(await desk.store.application(desk.number(1))).row
    #expect(try await desk.store.settleTask(row, note: "x", at: Desk.night) == nil)
    #expect(try await desk.store.settleTask(99, note: "x", at: Desk.night) == nil)
  }

  @Test func `a task without a word about it is not settled`() async throws {
    try await refuse(1)
    let row = try #require(await tasks(true).first).row
    for note in ["", String(repeating: "x", count: 2001)] {
      await #expect(throws: StoreFault.self) {
        try await desk.store.settleTask(row, note: note, at: Desk.night)
      }
    }
    #expect(try await tasks(true).count == 1)
  }

  @Test func `the same bytes refused again stay settled, stored they are no task`() async throws {
    try await refuse(1, .matterWithdrawn)
    let row = try #require(await tasks(true).first).row
    _ = try await desk.store.settleTask(row, note: "told her", at: Desk.night)
    let arrival = try #require(await desk.store.envelope(desk.number(1)))
    let header = try EnvelopeHeader(canonical: arrival.header)
    let routing = try #require(await desk.store.application(desk.number(1))?.routing)
    let same = Arrival(envelope: arrival, header: header, standing: .sound(routing))
    _ = try await desk.refuse(same, .matterWithdrawn)
    _ = try await desk.refuse(same, .foreignTerminal)
    #expect(try await tasks(false).map(\.reason) == [.matterWithdrawn])
    #expect(try await desk.take(same) == [.already])
    _ = try await desk.store.take([same], at: Desk.night, due: Desk.due) { _, _ in .store(awaiting: []) }
    #expect(try await tasks(nil) == [])
    #expect(try await desk.store.application(desk.number(1))?.deliveries == 5)
  }

  @Test func `what was settled as nobody's is open again when it turns out to be a person's`() async throws {
    let own = try desk.arrival(desk.number(1), id: 1)
    _ = try await desk.refuse(own, .unknownTerminal)
    let row = try #require(await tasks(true).first).row
    _ = try await desk.store.settleTask(row, note: "junk", at: Desk.night)
    let later = Desk.night.advanced(bySeconds: 3 * 86_400)
    _ = try await desk.refuse(own, .matterWithdrawn, at: later)
    let open = try #require(await tasks(true).first)
    #expect(open.row == row && open.reason == .matterWithdrawn && open.note == nil)
    #expect(open.due == later.advanced(bySeconds: 86_400))
    #expect(try await desk.store.counts().openTasks == 1)
  }

  @Test func `the same bytes by another hand take nothing from what was known`() async throws {
    let own = try desk.arrival(desk.number(1), id: 1)
    _ = try await desk.refuse(own, .matterWithdrawn)
    for reason in [RefusalReason.foreignTerminal, .unknownTerminal] {
      #expect(try await desk.refuse(own, reason) == [.refused(reason)])
    }
    let record = try #require(await desk.store.publicApplication(desk.number(1)))
    #expect(record.reason == .matterWithdrawn && record.deliveries == 3)
  }
}
