// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@testable import Central

@Suite struct VerdictTests {
  let terminal = SampleTerminal()

  private func decision(
    _ submission: Submission, standing: Arrival.Standing? = nil,
    _ change: (inout Circumstances, Arrival) -> Void = { _, _ in }
  ) throws -> Decision {
    let envelope = try terminal.sealer().seal(submission)
    let header = try EnvelopeHeader(canonical: envelope.header)
    let arrival = Arrival(
      envelope: envelope, header: header, standing: standing ?? .sound(submission.routing))
    var circumstances = Circumstances(
      earlier: nil, numberIsTheTerminals: true, numberIsTaken: false, matterIsWithdrawn: false,
      missing: [])
    change(&circumstances, arrival)
    return Verdicts.decision(on: arrival, circumstances)
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
      try decision(terminal.application(1), standing: standing) == .refuse(reason))
  }

  @Test(arguments: [nil, Arrival.Standing.unknownTerminal, .badSignature, .unreadable])
  func `what is stored is already there, whatever changed since`(
    standing: Arrival.Standing?
  ) throws {
    let same = try decision(terminal.application(1), standing: standing) { circumstances, arrival in
      circumstances.earlier = .init(digest: arrival.digest, refused: false)
      circumstances.matterIsWithdrawn = true
      circumstances.numberIsTaken = true
      circumstances.numberIsTheTerminals = false
    }
    #expect(same == .already)
  }

  @Test func `only a number's own terminal can send something unreadable for it`() throws {
    let foreign = try decision(terminal.application(1), standing: .unreadable) { circumstances, _ in
      circumstances.numberIsTheTerminals = false
    }
    #expect(foreign == .refuse(.foreignNumber))
    let idTaken = try decision(terminal.application(1), standing: .unreadable) { circumstances, _ in
      circumstances.earlier = .init(digest: Array(repeating: 0, count: 32), refused: false)
    }
    #expect(idTaken == .refuse(.idTaken))
  }

  @Test(arguments: [true, false])
  func `the same id with other bytes is refused`(refused: Bool) throws {
    let other = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.earlier = .init(digest: Array(repeating: 0, count: 32), refused: refused)
    }
    #expect(other == .refuse(.idTaken))
  }

  @Test func `bytes that were refused are judged anew`() throws {
    let anew = try decision(terminal.application(1)) { circumstances, arrival in
      circumstances.earlier = .init(digest: arrival.digest, refused: true)
    }
    #expect(anew == .store(awaiting: []))
  }

  @Test func `numbers of others and withdrawn matters are refused`() throws {
    let foreign = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.numberIsTheTerminals = false
    }
    #expect(foreign == .refuse(.foreignNumber))
    let taken = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.numberIsTaken = true
    }
    #expect(taken == .refuse(.numberTaken))
    let withdrawn = try decision(terminal.application(1)) { circumstances, _ in
      circumstances.matterIsWithdrawn = true
    }
    #expect(withdrawn == .refuse(.matterWithdrawn))
  }

  @Test func `what another terminal delivered is refused, an import is not`() throws {
    let submission = try terminal.application(1)
    let envelope = try terminal.sealer().seal(submission)
    let header = try EnvelopeHeader(canonical: envelope.header)
    let circumstances = Circumstances(
      earlier: nil, numberIsTheTerminals: true, numberIsTaken: false, matterIsWithdrawn: false,
      missing: [])
    for (peer, decision) in [
      ("T0012", Decision.store(awaiting: [])), ("T0013", .refuse(.foreignTerminal)),
      (nil, .store(awaiting: [])),
    ] {
      let arrival = Arrival(
        envelope: envelope, header: header, standing: .sound(submission.routing), peer: peer)
      #expect(Verdicts.decision(on: arrival, circumstances) == decision)
    }
    let unsigned = Arrival(
      envelope: envelope, header: header, standing: .badSignature, peer: "T0013")
    #expect(Verdicts.decision(on: unsigned, circumstances) == .refuse(.badSignature))
  }

  @Test(arguments: [EnvelopeKind.withdrawal, .correction])
  func `what follows an application must know its claim code`(kind: EnvelopeKind) throws {
    let submission = try terminal.following(2, kind, first: 1)
    let hash = submission.routing.firstClaimHash
    func judged(_ first: Circumstances.First?, _ submission: Submission) throws -> Decision {
      try decision(submission) { circumstances, _ in circumstances.first = first }
    }
    let known = Circumstances.First.known(claimHash: hash, state: .received, terminal: "T0012")
    #expect(try judged(known, submission) == .store(awaiting: []))
    #expect(try judged(.missing, submission) == .store(awaiting: []))
    let other = Circumstances.First.known(claimHash: "0", state: .received, terminal: "T0012")
    #expect(try judged(other, submission) == .refuse(.claimMismatch))
    var silent = submission
    silent.routing.firstClaimHash = nil
    #expect(try judged(nil, silent) == .refuse(.firstMissingFields))
  }

  @Test func `what is told about an application bears its number and needs no matter`() throws {
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
    for submission in [application, told] {
      #expect(try standing(submission) == .unreadable)
    }
  }

  @Test(arguments: EnvelopeKind.allCases)
  func `a hash or a rating that is none is unreadable in any envelope`(kind: EnvelopeKind) throws {
    var good = try terminal.application(1)
    good.kind = kind
    good.routing.told = .shown
    good.routing.matter = "card"
    good.routing.rating = 5
    #expect(try standing(good) == .sound(good.routing))
    for hash in ["", "abc", String(repeating: "g", count: 64), String(repeating: "é", count: 32)] {
      var submission = good
      submission.routing.claimHash = hash
      #expect(try standing(submission) == .unreadable)
    }
    for rating in [0, 6, -1] {
      var submission = good
      submission.routing.rating = rating
      #expect(try standing(submission) == .unreadable)
    }
  }

  @Test func `a rating envelope without a rating is sound`() throws {
    let invited = try terminal.rating(2, of: 1, nil)
    #expect(try standing(invited) == .sound(invited.routing))
  }

  private func standing(_ submission: Submission) throws -> Arrival.Standing {
    let envelope = try terminal.sealer().seal(submission)
    return Verdicts.standing(
      of: envelope, try EnvelopeHeader(canonical: envelope.header),
      sentBy: [enrolled(terminal.signer.publicKey)],
      opener: try RoutingOpener(privateKey: terminal.routingKey.privateKey))
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
