// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@testable import Central

@Suite struct VerdictTests {
  let terminal = SampleTerminal()
  let due = Timestamp(milliseconds: 1)

  private func decision(
    _ submission: Submission, standing: Arrival.Standing? = nil,
    _ change: (inout Circumstances, Arrival) -> Void = { _, _ in }
  ) throws -> Decision {
    let envelope = try terminal.sealer().seal(submission)
    let header = try EnvelopeHeader(canonical: envelope.header)
    let arrival = Arrival(
      envelope: envelope, header: header, standing: standing ?? .sound(submission.routing))
    var circumstances = Circumstances(
      first: nil, numberIsTheTerminals: true, numberIsTaken: false, matterIsWithdrawn: false,
      missing: [])
    change(&circumstances, arrival)
    return Verdicts.decision(on: arrival, circumstances, due: due)
  }

  @Test func `a sound envelope is stored, and held while others are missing`() throws {
    #expect(try decision(terminal.application(1)) == .store(awaiting: []))
    let missing = terminal.id(9)
    #expect(
      try decision(terminal.application(1)) { circumstances, _ in
        circumstances.missing = [missing]
      } == .store(awaiting: [missing]))
  }

  @Test(arguments: [
    (Arrival.Standing.unknownTerminal, RefusalReason.unknownTerminal),
    (.badSignature, .badSignature), (.unreadable, .unreadable),
  ])
  func `what keys do not vouch for is refused`(
    standing: Arrival.Standing, reason: RefusalReason
  ) throws {
    #expect(
      try decision(terminal.application(1), standing: standing) == .refuse(reason, due: due))
  }

  @Test func `the same id with the same bytes is already there`() throws {
    let same = try decision(terminal.application(1)) { circumstances, arrival in
      circumstances.first = .init(digest: arrival.digest, refused: false)
      circumstances.matterIsWithdrawn = true
    }
    #expect(same == .already)
  }

  @Test(arguments: [true, false])
  func `the same id with other bytes is refused`(refused: Bool) throws {
    let other = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.first = .init(digest: Array(repeating: 0, count: 32), refused: refused)
    }
    #expect(other == .refuse(.idTaken, due: due))
  }

  @Test func `bytes that were refused are judged anew`() throws {
    let anew = try decision(terminal.application(1)) { circumstances, arrival in
      circumstances.first = .init(digest: arrival.digest, refused: true)
    }
    #expect(anew == .store(awaiting: []))
  }

  @Test func `numbers of others and withdrawn matters are refused`() throws {
    let foreign = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.numberIsTheTerminals = false
    }
    #expect(foreign == .refuse(.foreignNumber, due: due))
    let taken = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.numberIsTaken = true
    }
    #expect(taken == .refuse(.numberTaken, due: due))
    let withdrawn = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.matterIsWithdrawn = true
    }
    #expect(withdrawn == .refuse(.matterWithdrawn, due: due))
  }

  @Test func `what follows an application bears its number and needs no matter`() throws {
    let told = try decision(terminal.told(2, of: 1, .printed)) { circumstances, _ in
      circumstances.numberIsTaken = true
      circumstances.matterIsWithdrawn = true
    }
    #expect(told == .store(awaiting: []))
  }

  @Test func `standing is found by the keys of any enrolment of the terminal`() throws {
    let submission = try terminal.application(1)
    let envelope = try terminal.sealer().seal(submission)
    let header = try EnvelopeHeader(canonical: envelope.header)
    let opener = try RoutingOpener(privateKey: terminal.routingKey.privateKey)
    let old = enrolled(terminal.signer.publicKey)
    let new = enrolled(TerminalSigner.generated().publicKey)
    func standing(_ enrolments: [Enrolled], _ opener: RoutingOpener) -> Arrival.Standing {
      Verdicts.standing(of: envelope, header, sentBy: enrolments, opener: opener)
    }
    #expect(standing([old, new], opener) == .sound(submission.routing))
    #expect(standing([new], opener) == .badSignature)
    #expect(standing([], opener) == .unknownTerminal)
    let other = try RoutingOpener(privateKey: terminal.contentKey.privateKey)
    #expect(standing([old], other) == .unreadable)
  }

  @Test func `a routing that its kind does not fit is unreadable`() throws {
    var application = try terminal.application(1)
    application.routing.matter = nil
    var told = try terminal.told(2, of: 1, .shown)
    told.routing.told = nil
    var rating = told
    rating.kind = .rating
    rating.routing.rating = 6
    let opener = try RoutingOpener(privateKey: terminal.routingKey.privateKey)
    for submission in [application, told, rating] {
      let envelope = try terminal.sealer().seal(submission)
      let header = try EnvelopeHeader(canonical: envelope.header)
      #expect(
        Verdicts.standing(
          of: envelope, header, sentBy: [enrolled(terminal.signer.publicKey)], opener: opener)
          == .unreadable)
    }
  }

  private func enrolled(_ publicKey: [UInt8]) -> Enrolled {
    Enrolled(
      terminal: "T0012", area: "320507", publicKey: publicKey, allotments: [],
      time: Timestamp(milliseconds: 0))
  }

  /// 2026-11-20 is a Friday.
  @Test(arguments: [(19, 20), (20, 23), (21, 23), (22, 23), (23, 24)])
  func `a refusal is due one working day later`(day: Int, dueDay: Int) {
    func morning(_ day: Int) -> Timestamp {
      let days = Day(year: 2026, month: 11, day: day).daysSince1970
      return Timestamp(milliseconds: (days * 86_400 + 3 * 3600 - LocalTime.offsetSeconds) * 1000)
    }
    #expect(Verdicts.due(after: morning(day)) == morning(dueDay))
  }
}
