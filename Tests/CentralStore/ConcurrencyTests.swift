// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing

/// Many at once, as a centre's terminals are.
@Suite(.keptOpen) struct ConcurrencyTests {
  let desk: Desk

  init() async throws {
    desk = try await Desk()
    _ = try await desk.enrol()
  }

  /// Each of 32 senders brings 20 of 100 envelopes, four at a time; neighbours overlap.
  private func sendOverlapping(_ arrivals: [Arrival]) async throws -> [Verdict] {
    let store = desk.store
    return try await withThrowingTaskGroup(of: [Verdict].self) { group in
      for sender in 0..<32 {
        let own = (0..<20).map { arrivals[(sender * 3 + $0) % arrivals.count] }
        group.addTask {
          var verdicts: [Verdict] = []
          for start in stride(from: 0, to: own.count, by: 4) {
            verdicts += try await store.take(
              Array(own[start..<start + 4]), at: Desk.night, due: Desk.due, judge: Judge.decision)
          }
          return verdicts
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }

  @Test func `overlapping batches of 32 senders store each envelope once`() async throws {
    let arrivals = try (1...100).map { try desk.arrival(desk.number($0), id: $0) }
    let verdicts = try await sendOverlapping(arrivals)
    #expect(verdicts.filter { $0 == .stored }.count == 100)
    #expect(verdicts.filter { $0 == .already }.count == 540)
    let records = try await desk.store.applications(after: 0, limit: 1000)
    #expect(Set(records.map(\.id)).count == 100 && records.count == 100)
    #expect(Set(records.map(\.caseNumber)).count == 100)
    #expect(records.map(\.deliveries).reduce(0, +) == 640)
    let counts = try await desk.store.counts()
    #expect(counts.applications == 100 && counts.deliveries == 640 && counts.repeats == 540)
  }

  @Test func `what was answered is read at once, by anybody`() async throws {
    let store = desk.store
    let arrivals = try (1...320).map { try desk.arrival(desk.number($0), id: $0) }
    let unseen = try await withThrowingTaskGroup(of: Int.self) { group in
      for sender in 0..<32 {
        group.addTask {
          var unseen = 0
          for arrival in arrivals[sender * 10..<sender * 10 + 10] {
            _ = try await store.take(
              [arrival], at: Desk.night, due: Desk.due, judge: Judge.decision)
            if try await store.publicApplication(arrival.envelope.number) == nil { unseen += 1 }
          }
          return unseen
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(unseen == 0)
  }

  @Test func `wrong codes given at once are each counted`() async throws {
    _ = try await desk.send([desk.arrival(desk.number(1), id: 1)])
    let store = desk.store
    let number = try desk.number(1)
    let limit = ClaimLimit(attempts: 5, seconds: 600)
    let outcomes = try await withThrowingTaskGroup(of: ClaimOutcome.self) { group in
      for _ in 0..<32 {
        group.addTask {
          try await store.claim(
            number, hash: String(repeating: "0", count: 64), from: nil, at: Desk.night,
            limits: ClaimLimits(perNumber: limit, perAddress: limit))
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.filter { $0 == .wrong }.count == 5)
  }

  @Test func `one code enrols one key, whoever comes at the same time`() async throws {
    let store = desk.store
    let enrolled = try await withThrowingTaskGroup(of: Enrolled?.self) { group in
      for key in 0..<16 {
        group.addTask {
          try await store.enrol(
            Enrolment(
              terminal: "T0099", area: "320507", publicKey: Array(repeating: UInt8(key), count: 32),
              codeHash: String(repeating: "f", count: 64), time: Desk.night))
        }
      }
      return try await group.reduce(into: []) { $0 += [$1].compactMap { $0 } }
    }
    #expect(enrolled.count == 1)
  }

  @Test func `one command answered by many has one outcome`() async throws {
    let store = desk.store
    let id = String(repeating: "a", count: 32)
    let command = Command(id: id, act: "report", until: Desk.due)
    _ = try await store.order(command, for: Desk.terminal, at: Desk.night)
    let outcomes = try await withThrowingTaskGroup(of: CommandOutcome?.self) { group in
      for place in 0..<16 {
        group.addTask {
          try await store.finish(
            command: id, of: Desk.terminal, CommandOutcome(.done, detail: "\(place)"), at: Desk.night)
        }
      }
      return try await group.reduce(into: Set()) { $0.insert($1) }
    }
    #expect(outcomes.count == 1)
  }
}
