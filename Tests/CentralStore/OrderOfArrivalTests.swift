// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization
import Testing
import Wire

/// Whatever the order in which envelopes arrive, in the end the same is here.
@Suite(.keptOpen) struct OrderOfArrivalTests {
  let desk: Desk
  private let cursor = Cursor()

  init() async throws {
    desk = try await Desk()
    _ = try await desk.enrol()
  }

  /// The last task that was looked at.
  private final class Cursor: Sendable {
    let row = Atomic<Int64>(0)
  }

  /// One application with all that can follow it, right and wrong, under numbers and ids of
  /// their own for each `round`.
  private struct Family {
    let desk: Desk
    let base: Int
    let wrong = ClaimCode(chance: [9, 9, 9, 9, 9])

    func number(_ place: Int) throws -> CaseNumber { try desk.number(base + place) }

    func one(
      _ place: Int, _ kind: EnvelopeKind, first: Int? = nil, code: ClaimCode = Desk.code,
      after: [Int] = [], of number: Int? = nil
    ) throws -> Arrival {
      try desk.arrival(
        self.number(number ?? place), id: base + place, kind: kind,
        after: after.map { Desk.id(base + $0) }, told: kind == .told ? .printed : nil,
        first: first.map { try self.number($0) }, code: code)
    }

    func all() throws -> [Arrival] {
      let application = try one(1, .application)
      var replayed = application
      replayed.peer = "T0099"
      let withdrawal = try one(4, .withdrawal, first: 1)
      return [
        application, try one(2, .told, after: [1], of: 1), withdrawal,
        try one(5, .correction, first: 1, after: [4]),
        try one(6, .withdrawal, first: 1, code: wrong), try one(7, .told, after: [6], of: 6),
        try one(3, .rating, after: [1], of: 1), try one(8, .correction, first: 4),
        try one(9, .withdrawal, first: 1), replayed, withdrawal, application,
        try desk.arrival(number(1), id: base + 1, standing: .badSignature),
      ]
    }
  }

  /// What is here of a family, without what tells of the order itself.
  private struct Picture: Hashable {
    var records: [CaseRecord?]
    var tasks: [String]
    var counts: [Int]

    init(
      _ family: Family, _ store: any CaseStore, since: CentreCounts, cursor: Cursor
    ) async throws {
      records = []
      for place in 1...9 {
        var record = try await store.publicApplication(family.number(place))
        if record?.caseNumber != nil { record?.caseNumber = "assigned" }
        record?.row = 0
        record?.renumber(from: family.base)
        records.append(record)
      }
      let new = try await store.tasks(after: cursor.row.load(ordering: .relaxed), limit: 100, open: true)
      cursor.row.store(new.last?.row ?? 0, ordering: .relaxed)
      tasks = new.map { "\($0.number.sequence - family.base) \($0.reason) \($0.kind)" }.sorted()
      let now = try await store.counts()
      counts = [
        now.applications - since.applications, now.withdrawals - since.withdrawals,
        now.corrections - since.corrections, now.told - since.told, now.ratings - since.ratings,
        now.refused - since.refused, now.held - since.held, now.deliveries - since.deliveries,
        now.repeats - since.repeats, now.openTasks - since.openTasks,
      ]
    }
  }

  private func picture(of round: Int, _ order: ([Arrival]) -> [Arrival]) async throws -> Picture {
    let family = Family(desk: desk, base: round * 20)
    let since = try await desk.store.counts()
    let arrivals = order(try family.all())
    // Each eighth time in a transaction each.
    if round % 8 != 1 {
      _ = try await desk.send(arrivals)
    } else {
      for arrival in arrivals { _ = try await desk.send([arrival]) }
    }
    return try await Picture(family, desk.store, since: since, cursor: cursor)
  }

  @Test func `the order in which envelopes are listed above ends as it should`() async throws {
    let picture = try await picture(of: 0) { $0 }
    #expect(picture.records[0]?.state == .withdrawn && picture.records[0]?.told == .printed)
    #expect(
      picture.tasks == [
        "1 badSignature application", "6 claimMismatch withdrawal",
        "8 claimMismatch correction",
      ])
    #expect(picture.counts == [1, 2, 1, 2, 1, 3, 0, 13, 3, 3])
  }

  @Test func `any order of application, words about it, and filings that name it ends alike`() async throws {
    let expected = try await picture(of: 0) { $0 }
    var chance = SteadyChance(seed: 20_261_121)
    for round in 1...240 {
      let picture = try await picture(of: round) { $0.shuffled(using: &chance) }
      try #require(picture == expected, "round \(round)")
    }
  }

  @Test func `every order of the six that matter most ends alike`() async throws {
    func few(_ arrivals: [Arrival]) -> [Arrival] { Array(arrivals.prefix(6)) }
    let expected = try await picture(of: 0, few)
    for (place, order) in Permutations.of(6).enumerated() {
      let picture = try await picture(of: place + 1) { arrivals in order.map { few(arrivals)[$0] } }
      try #require(picture == expected, "order \(order)")
    }
  }
}

extension CaseRecord {
  /// Places within the family instead of numbers and times.
  fileprivate mutating func renumber(from base: Int) {
    let shift = Int64(base)
    func place(_ number: CaseNumber) -> CaseNumber {
      CaseNumber(
        area: number.area, allotment: number.allotment, day: number.day,
        sequence: number.sequence - base) ?? number
    }
    func follower(_ follower: Follower) -> Follower {
      Follower(number: place(follower.number), at: follower.at.advanced(bySeconds: -shift))
    }
    number = place(number)
    id = Desk.id(number.sequence)
    withdrawnBy = withdrawnBy.map(follower)
    corrections = corrections.map(follower)
    guard var own = routing else { return }
    own.time.at = own.time.at.advanced(bySeconds: -shift)
    own.claimHash = nil
    own.firstClaimHash = nil
    own.first = own.first.map(place)
    routing = own
  }
}

enum Permutations {
  static func of(_ count: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    return of(count - 1).flatMap { shorter in
      (0..<count).map { place in
        var longer = shorter
        longer.insert(count - 1, at: place)
        return longer
      }
    }
  }
}

/// The same numbers at each run (SplitMix64).
struct SteadyChance: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
