// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

/// Withdrawals and corrections: filings that name the application they are about.
@Suite(.everyWay) struct WithdrawalTests {
  let desk: Desk
  let first: CaseNumber
  private let wrong = ClaimCode(chance: [9, 9, 9, 9, 9])

  init() async throws {
    desk = try await Desk()
    first = try desk.number(1)
    _ = try await desk.enrol()
  }

  private func about(
    _ kind: EnvelopeKind, _ sequence: Int, first: CaseNumber? = nil, code: ClaimCode? = Desk.code
  ) throws -> Arrival {
    try desk.arrival(
      desk.number(sequence), id: sequence, kind: kind, first: first ?? self.first, code: code)
  }

  private func record(_ sequence: Int) async throws -> CaseRecord {
    try #require(await desk.store.publicApplication(desk.number(sequence)))
  }

  private func follower(_ sequence: Int) throws -> CaseRecord.Follower {
    CaseRecord.Follower(
      number: try desk.number(sequence), at: Desk.night.advanced(bySeconds: Int64(sequence)))
  }

  @Test func `a withdrawal takes its application back and has a number of its own`() async throws {
    let filed = try desk.arrival(first, id: 1)
    #expect(try await desk.send([filed, about(.withdrawal, 2)]) == [.stored, .stored])
    let record = try await record(1)
    #expect(record.state == .withdrawn && record.kind == .application)
    #expect(try record.withdrawnBy == follower(2))
    #expect(record.caseNumber == "320507-20261121-000001")
    let own = try await self.record(2)
    #expect(own.state == .received && own.kind == .withdrawal && own.caseNumber == nil)
    #expect(own.routing?.first == first)
    let counts = try await desk.store.counts()
    #expect(counts.applications == 1 && counts.withdrawals == 1 && counts.held == 0)
  }

  @Test func `a correction is listed with its application, which stays received`() async throws {
    _ = try await desk.send([desk.arrival(first, id: 1), about(.correction, 2), about(.correction, 3)])
    let record = try await record(1)
    #expect(record.state == .received && record.withdrawnBy == nil)
    #expect(try record.corrections == [follower(2), follower(3)])
  }

  @Test(arguments: [EnvelopeKind.withdrawal, .correction])
  func `what comes before its application is held, and counts when that is there`(
    kind: EnvelopeKind
  ) async throws {
    #expect(try await desk.send([about(kind, 2)]) == [.stored])
    #expect(try await record(2).state == .held)
    #expect(try await desk.store.counts().held == 1)
    _ = try await desk.send([desk.arrival(first, id: 1)])
    #expect(try await record(2).state == .received)
    let record = try await record(1)
    #expect(record.state == (kind == .withdrawal ? .withdrawn : .received))
    #expect(try record.corrections == (kind == .correction ? [follower(2)] : []))
  }

  @Test(arguments: [EnvelopeKind.withdrawal, .correction])
  func `without the claim code nothing happens to the application`(kind: EnvelopeKind) async throws {
    _ = try await desk.send([desk.arrival(first, id: 1)])
    #expect(try await desk.send([about(kind, 2, code: wrong)]) == [.refused(.claimMismatch)])
    #expect(try await record(1).state == .received)
    #expect(try await record(1).corrections == [])
    let refused = try await record(2)
    #expect(refused.state == .refused && refused.reason == .claimMismatch)
    #expect(try await desk.store.tasks(after: 0, limit: 9, open: true).map(\.kind) == [kind])
  }

  @Test func `a wrong one that came first is refused when the application arrives`() async throws {
    let told = try desk.arrival(
      desk.number(2), id: 3, kind: .told, after: [Desk.id(2)], told: .printed)
    #expect(try await desk.send([about(.withdrawal, 2, code: wrong), told]) == [.stored, .stored])
    #expect(try await desk.send([desk.arrival(first, id: 1)]) == [.stored])
    #expect(try await record(1).state == .received)
    let refused = try await record(2)
    #expect(refused.state == .refused && refused.reason == .claimMismatch)
    #expect(refused.owner == "clerk" && refused.due == Desk.due && refused.told == .printed)
    let counts = try await desk.store.counts()
    #expect(counts.refused == 1 && counts.openTasks == 1 && counts.withdrawals == 0 && counts.held == 0)
  }

  @Test func `one that does not say what it is about is refused`() async throws {
    let none = try desk.arrival(desk.number(2), id: 2, kind: .withdrawal)
    let noRight = try about(.correction, 3, code: nil)
    let verdict = Verdict.refused(.firstMissingFields)
    #expect(try await desk.send([none, noRight]) == [verdict, verdict])
    #expect(try await record(2).reason == .firstMissingFields)
  }

  @Test func `what names a withdrawal names no application`() async throws {
    _ = try await desk.send([desk.arrival(first, id: 1), about(.withdrawal, 2)])
    let second = try desk.number(2)
    #expect(
      try await desk.send([about(.withdrawal, 3, first: second)]) == [.refused(.claimMismatch)])
    #expect(try await record(2).state == .received)
    #expect(try await record(1).state == .withdrawn)
  }

  @Test func `a refused application can be taken back; its task stays a clerk's`() async throws {
    try await desk.store.withdraw(matter: "ss_enrol_proof", at: Desk.night)
    _ = try await desk.send([desk.arrival(first, id: 1)])
    #expect(try await record(1).state == .refused)
    #expect(try await desk.send([about(.withdrawal, 2)]) == [.stored])
    let record = try await record(1)
    #expect(record.state == .withdrawn && record.reason == .matterWithdrawn)
    #expect(try await desk.store.tasks(after: 0, limit: 9, open: true).map(\.number) == [first])
  }

  @Test func `of two withdrawals the one filed first counts, both are kept`() async throws {
    _ = try await desk.send([about(.withdrawal, 3), desk.arrival(first, id: 1), about(.withdrawal, 2)])
    #expect(try await record(1).withdrawnBy == follower(2))
    #expect(try await record(2).state == .received)
    #expect(try await record(3).state == .received)
  }

  @Test func `a correction after a withdrawal is listed and changes nothing`() async throws {
    _ = try await desk.send([desk.arrival(first, id: 1), about(.withdrawal, 2), about(.correction, 3)])
    let record = try await record(1)
    #expect(record.state == .withdrawn)
    #expect(try record.corrections == [follower(3)])
  }

  @Test func `a number is one filing's, of whatever kind`() async throws {
    _ = try await desk.send([desk.arrival(first, id: 1), about(.withdrawal, 2)])
    let second = try desk.arrival(desk.number(2), id: 9)
    #expect(try await desk.send([second]) == [.refused(.numberTaken)])
    #expect(try await record(2).kind == .withdrawal)
  }

  @Test func `an unreadable application leaves its withdrawal held`() async throws {
    let hurt = try desk.arrival(first, id: 1, standing: .unreadable)
    _ = try await desk.send([hurt, about(.withdrawal, 2)])
    #expect(try await record(1).state == .refused)
    #expect(try await record(2).state == .held)
  }

  @Test func `the judge hears of the application that is named`() async throws {
    _ = try await desk.send([desk.arrival(first, id: 1)])
    let ear = Ear()
    _ = try await desk.store.take(
      [about(.withdrawal, 2)], at: Desk.night, due: Desk.due
    ) { _, circumstances in
      ear.hear(circumstances)
      return .store(awaiting: [])
    }
    let hash = ClaimHash.of(first, Desk.code)
    #expect(
      ear.circumstances?.first == .known(claimHash: hash, state: .received, terminal: Desk.terminal))
  }
}
