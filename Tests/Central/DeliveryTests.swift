// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@testable import Central

@Suite struct DeliveryTests {
  @Test func `what is delivered is stored once, however often it comes`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let filing = try terminal.message(terminal.application(1))
      let told = try terminal.message(terminal.told(2, of: 1, .printed))
      #expect(try await centre.deliver(terminal, filing, told) == [.stored, .stored])
      #expect(try await centre.deliver(terminal, filing, told) == [.already, .already])
      let counts = try await centre.get("/v1/counts", token: RunningCentre.clerkToken)
      #expect(
        counts.text == """
          {"applications":1,"corrections":0,"deliveries":4,"dropped":0,"droppedBytes":0,"held":0,\
          "invited":0,"openTasks":0,"ratings":0,"refused":0,"repeats":2,"told":1,"withdrawals":0}
          """)
    }
  }

  @Test func `a repeat is known as one after the centre's key and the matter are gone`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let filing = try terminal.message(terminal.application(1))
      #expect(try await centre.deliver(terminal, filing) == [.stored])
      let withdrawn = try await centre.send(
        "/v1/clerk/matters/card/withdraw", nil, token: RunningCentre.clerkToken)
      #expect(withdrawn.status == 200)
      try await centre.withAnotherKey { changed in
        let told = try terminal.message(terminal.told(2, of: 1, .printed))
        let unreadable = Verdict.refused(reason: "unreadable", correctable: false)
        #expect(try await changed.deliver(terminal, filing, told) == [.already, unreadable])
        #expect(try await changed.deliver(terminal, filing, told) == [.already, unreadable])
      }
    }
  }

  @Test func `one envelope that cannot be held costs no other`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      var told = try terminal.told(2, of: 1, .printed)
      told.routing.claimHash = "abc"
      var rating = try terminal.rating(3, of: 1, 5)
      rating.routing.claimHash = "abc"
      let unreadable = Verdict.refused(reason: "unreadable", correctable: false)
      let verdicts = try await centre.deliver(
        terminal, terminal.message(told), terminal.message(terminal.application(1)), terminal.message(rating))
      #expect(verdicts == [unreadable, .stored, unreadable])
    }
  }

  @Test func `a visit that was invited to rate and did not is counted apart`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let verdicts = try await centre.deliver(
        terminal, terminal.message(terminal.application(1)), terminal.message(terminal.rating(2, of: 1, nil)),
        terminal.message(terminal.application(3)), terminal.message(terminal.rating(4, of: 3, 5)))
      #expect(verdicts == [.stored, .stored, .stored, .stored])
      let counts = try await centre.get("/v1/counts", token: RunningCentre.clerkToken)
      #expect(counts.text.contains(#""invited":1,"openTasks":0,"ratings":1,"#))
    }
  }

  @Test func `each envelope gets its own word`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let stranger = SampleTerminal(
        routingKey: terminal.routingKey, contentKey: terminal.contentKey,
        identity: terminal.identity)
      var unknown = terminal
      unknown.identity?.terminal = "T9999"
      var foreign = terminal
      foreign.identity?.allotment = try #require(Allotment("0009"))
      let good = try terminal.message(terminal.application(1))
      let sameNumber = try terminal.sealer().seal(
        Submission(
          reservation: Reservation(
            id: terminal.id(4), number: terminal.number(1),
            time: terminal.application(1).reservation.time),
          kind: .application, routing: terminal.application(1).routing))
      let verdicts = try await centre.deliver(
        terminal, good, try stranger.message(stranger.application(2)),
        try unknown.message(unknown.application(3)), EnvelopeMessage(sameNumber),
        try terminal.message(terminal.application(1)), try foreign.message(foreign.application(5)))
      func refused(_ reason: String) -> Verdict { .refused(reason: reason, correctable: false) }
      #expect(
        verdicts == [
          .stored, refused("badSignature"), refused("unknownTerminal"), refused("numberTaken"),
          refused("idTaken"), refused("foreignNumber"),
        ])
      let counts = try await centre.get("/v1/counts", token: RunningCentre.clerkToken)
      #expect(counts.text.contains(#""refused":5"#))
    }
  }

  @Test func `an application for a withdrawn matter is refused, its told is not`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let answer = try await centre.send(
        "/v1/clerk/matters/card/withdraw", nil, token: RunningCentre.clerkToken)
      #expect(answer.status == 200 && answer.text == #"{"matter":"card","withdrawn":true}"#)
      let filing = try terminal.message(terminal.application(1))
      let told = try terminal.message(terminal.told(2, of: 1, .printed))
      #expect(
        try await centre.deliver(terminal, filing, told)
          == [.refused(reason: "matterWithdrawn", correctable: true), .stored])
      let progress = try ProgressReply.decode(
        try await centre.get("/v1/progress/\(terminal.number(1))").bytes)
      #expect(progress.state == .refused)
      #expect(progress.words.zh == "传送未成功（技术原因），不是不予受理。该事项已停止办理。")
    }
  }

  @Test func `one envelope that is not understood refuses the batch and names its place`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let good = try terminal.message(terminal.application(1))
      var altered = try terminal.message(terminal.application(2))
      altered.content.bytes[40] ^= 1
      let answer = try await centre.post(
        "/v1/batches", BatchRequest(batch: "b", terminal: "T0012", envelopes: [good, altered]),
        at: .terminals(terminal))
      #expect(answer.status == 422)
      #expect(answer.header("content-type") == "application/problem+json")
      #expect(answer.text.contains("envelopes[1]"))
      let counts = try await centre.get("/v1/counts", token: RunningCentre.clerkToken)
      #expect(counts.text.contains(#""deliveries":0"#))
    }
  }

  @Test(arguments: ["", "{", "[]", #"{"batch":"b","terminal":"t","envelopes":[],"x":1}"#])
  func `a body that is no batch is not understood`(body: String) async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let answer = try await centre.send("/v1/batches", Array(body.utf8), at: .terminals(terminal))
      #expect(answer.status == 422)
    }
  }

  @Test func `a body beyond the limit is refused, and the centre goes on`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let large = [UInt8](repeating: 32, count: BodyLimit.batch + 1)
      let answer = try await centre.send("/v1/batches", large, at: .terminals(terminal))
      #expect(answer.status == 413)
      #expect(answer.header("content-type") == "application/problem+json")
      let small = [UInt8](repeating: 32, count: BodyLimit.small + 1)
      let smallAnswer = try await centre.send("/v1/progress", small)
      #expect(smallAnswer.status == 413)
      let health = try await centre.get("/healthz")
      #expect(health.text == #"{"status":"ok"}"#)
    }
  }
}
