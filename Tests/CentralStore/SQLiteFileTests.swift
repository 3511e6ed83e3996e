// SPDX-License-Identifier: Apache-2.0

import CentralStore
import DurableSQLite
import Records
import Testing
import Wire

/// What only the SQLite file promises.
@Suite struct SQLiteFileTests {
  let desk: Desk
  var path: String { desk.folder + "/other.sqlite" }

  init() async throws { desk = try await Desk() }

  @Test func `one process holds the file`() throws {
    #expect(throws: OpenFault.self) {
      try SQLiteCaseStore.open(path: desk.folder + "/centre.sqlite") {}
    }
  }

  private func former() throws -> SQLiteCaseStore {
    try DurableDatabase.open(path: path, migrations: FormerSchema.migrations, layingLog: false) {}
      .close()
    return try SQLiteCaseStore.open(path: path, layingLog: false) {}
  }

  @Test func `a file of the former version keeps all that was in it`() async throws {
    let store = try former()
    let records = try await store.applications(after: 0, limit: 99)
    #expect(records.map(\.row) == [1, 3, 5, 6])
    #expect(records.map(\.state) == [.received, .refused, .held, .refused])
    #expect(records.map(\.reason) == [nil, .matterWithdrawn, nil, .badSignature])
    #expect(records.map(\.caseNumber) == ["320507-20261121-000001", nil, nil, nil])
    #expect(records.map(\.told) == [.printed, nil, nil, nil])
    #expect(records.map(\.deliveries) == [3, 1, 1, 1])
    let counts = try await store.counts()
    #expect(counts.applications == 2 && counts.told == 1 && counts.ratings == 0 && counts.invited == 1)
    #expect(counts.refused == 2 && counts.openTasks == 2 && counts.held == 1)
    #expect(counts.deliveries == 8 && counts.repeats == 2)
    #expect(try await counts == store.recount())
    #expect(try await store.tasks(after: 0, limit: 9, open: true).map(\.row) == [3, 6])
    #expect(try await store.enrolments(of: "T0012").map(\.allotments.count) == [1])
    #expect(try await store.terminals().map(\.name) == ["T0012"])
    try await store.close()
  }

  @Test(arguments: Assurance.allCases)
  func `every level of assurance is kept, in a former file too`(assurance: Assurance) async throws {
    let store = try former()
    let arrival = try desk.arrival(desk.number(9), id: 9, assurance: assurance)
    _ = try await store.take([arrival], at: Desk.night, due: Desk.due) { _, _ in .store(awaiting: []) }
    let record = try #require(await store.applications(after: 6, limit: 1).first)
    #expect(record.routing?.assurance == assurance && record.state == .received)
    try await store.close()
  }

  @Test func `what was held in a former file is let go by what it waited for`() async throws {
    let store = try former()
    let awaited = try desk.arrival(desk.number(9), id: 9)
    let envelope = Envelope(
      id: try #require(EnvelopeID(bytes: Array(repeating: 0x77, count: 16))),
      number: awaited.envelope.number, kind: .application, after: [], header: awaited.envelope.header,
      routing: awaited.envelope.routing, content: [], signature: awaited.envelope.signature)
    let arrival = Arrival(envelope: envelope, header: awaited.header, standing: awaited.standing)
    _ = try await store.take([arrival], at: Desk.night, due: Desk.due) { _, _ in .store(awaiting: []) }
    let record = try #require(await store.applications(after: 4, limit: 1).first)
    #expect(record.state == .received && record.caseNumber == "320507-20261121-000003")
    #expect(try await store.counts() == store.recount())
    try await store.close()
  }

  @Test func `a day with more than a million applications is no reason to refuse one`() async throws {
    let store = try former()
    let day = Day(year: 2026, month: 11, day: 21)
    let allotment = try #require(Allotment("0001"))
    let number = try #require(
      CaseNumber(area: "320508", allotment: allotment, day: day, sequence: 1))
    let arrival = try desk.arrival(number, id: 9)
    let verdicts = try await store.take(
      [arrival], at: Desk.night, due: Desk.due
    ) { _, _ in .store(awaiting: []) }
    #expect(verdicts == [.stored])
    #expect(try await store.application(number)?.caseNumber == "320508-20261121-1000000")
    try await store.close()
  }

  @Test func `counters agree with the rows after a night of everything`() async throws {
    let store = try SQLiteCaseStore.open(
      path: path, bound: UnsignedBound(countEach: 3, countInAll: 5), layingLog: false
    ) {}
    _ = try await store.enrol(
      Enrolment(
        terminal: Desk.terminal, area: "320507", publicKey: Array(repeating: 1, count: 32),
        codeHash: String(repeating: "a", count: 64), time: Desk.night))
    var chance = SteadyChance(seed: 7)
    var arrivals = try (1...120).map { try any($0, &chance) }
    arrivals += arrivals.prefix(60)
    arrivals.shuffle(using: &chance)
    for (place, arrival) in arrivals.enumerated() {
      _ = try await store.take([arrival], at: Desk.night, due: Desk.due, judge: Judge.decision)
      guard place.isMultiple(of: 20) else { continue }
      let task = try await store.tasks(after: 0, limit: 1, open: true).first
      if let task { _ = try await store.settleTask(task.row, note: "seen", at: Desk.night) }
      #expect(try await store.counts() == store.recount())
    }
    #expect(try await store.counts() == store.recount())
    let counts = try await store.counts()
    #expect(counts.dropped > 0 && counts.held > 0)
    try await store.close()
  }

  private func any(_ id: Int, _ chance: inout SteadyChance) throws -> Arrival {
    let kind = EnvelopeKind.allCases.randomElement(using: &chance) ?? .told
    let other = Int.random(in: 1...120, using: &chance)
    let standings: [Arrival.Standing?] = [nil, nil, nil, .badSignature, .unreadable, .unknownTerminal]
    return try desk.arrival(
      desk.number(kind.isFiling ? id : other), id: id, kind: kind,
      after: kind == .told || other < 20 ? [Desk.id(other)] : [],
      told: kind == .told ? .shown : nil, rating: other < 60 ? 4 : nil,
      first: kind.isFiling && kind != .application ? desk.number(other) : nil,
      standing: standings.randomElement(using: &chance) ?? nil,
      peer: other < 10 ? "T0099" : Desk.terminal)
  }
}
