// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Records
import Testing
import Wire

@testable import Central

@Suite struct ResidentTests {
  private func progress(
    _ centre: RunningCentre, _ number: CaseNumber, _ code: ClaimCode
  ) async throws -> RunningCentre.Answer {
    try await centre.post(
      "/v1/progress", ProgressRequest(number: number.grouped, claimCode: code.grouped.lowercased()))
  }

  @Test func `a number alone tells its state in a word`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let number = try terminal.number(1)
      let before = try await centre.get("/v1/progress/\(number)")
      #expect(
        before.text == """
          {"number":"\(number)","state":"notArrived",\
          "words":{"en":"Not yet","zh":"尚未收到，可能仍在终端待传"}}
          """)
      _ = try await centre.deliver(terminal, terminal.message(terminal.application(1)))
      // A copy that somebody kept is asked for again each time, and is no longer the same.
      let tag = try #require(before.header("etag"))
      #expect(before.header("cache-control") == "private, no-cache")
      let after = try await centre.get(
        "/v1/progress/\(number.grouped.lowercased())", headers: ["If-None-Match": tag])
      #expect(
        after.text == """
          {"number":"\(number)","state":"received","words":{"en":"Received","zh":"已收到"}}
          """)
    }
  }

  @Test func `an ill-formed number is a problem, not a state`() async throws {
    try await RunningCentre.serving { centre in
      for number in ["1", "32050700012026112100001Z", "%F0%A0%AE%B7"] {
        let answer = try await centre.get("/v1/progress/\(number)")
        #expect(answer.status == 400)
        #expect(answer.header("content-type") == "application/problem+json")
        #expect(
          answer.text == """
            {"status":400,"title":"This is not a well-formed application number",\
            "type":"urn:nightdesk:problem:number-ill-formed"}
            """)
      }
    }
  }

  @Test func `the claim code opens what the slip says, and no content`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let number = try terminal.number(1)
      _ = try await centre.deliver(terminal, terminal.message(terminal.application(1)))
      let answer = try await progress(centre, number, SampleTerminal.code)
      #expect(
        answer.text == """
          {"caseNumber":"320507-20261121-000001","filedAt":1795201920000,\
          "matter":{"en":"Old-age allowance","zh":"尊老金申领"},"number":"\(number)",\
          "receivedAt":1795202520000,"state":"received","timeQuality":"running",\
          "words":{"en":"Received","zh":"已收到"}}
          """)
    }
  }

  @Test func `wrong claim codes are refused, and after ten the right one rests`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let number = try terminal.number(1)
      _ = try await centre.deliver(terminal, terminal.message(terminal.application(1)))
      for _ in 0..<10 {
        let wrong = try await progress(centre, number, ClaimCode(chance: [9, 9, 9, 9, 9]))
        #expect(wrong.status == 403 && !wrong.text.contains("matter"))
      }
      let resting = try await progress(centre, number, SampleTerminal.code)
      #expect(resting.status == 429)
      #expect(resting.header("retry-after") == "3600")
    }
  }

  @Test func `a number that has not arrived says so with any claim code`() async throws {
    try await RunningCentre.serving { centre in
      let number = try SampleTerminal().number(1)
      let answer = try await progress(centre, number, SampleTerminal.code)
      #expect(try ProgressReply.decode(answer.bytes).state == .notArrived)
      let noCode = try await centre.post(
        "/v1/progress", ProgressRequest(number: number.description, claimCode: "123"))
      #expect(noCode.status == 400)
    }
  }

  @Test func `what strangers send under a number changes nothing that she reads`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let number = try terminal.number(1)
      let path = "/v1/progress/\(number)"
      let before = (try await centre.get(path), try await centre.get("/p/\(number)"))
      let stranger = SampleTerminal(
        routingKey: terminal.routingKey, contentKey: terminal.contentKey,
        identity: terminal.identity)
      var unknown = terminal
      unknown.identity?.terminal = "T9999"
      var neighbour = try await centre.enrolled("T0013", chance: 8)
      neighbour.identity?.allotment = try #require(terminal.identity).allotment
      let verdicts = try await centre.deliver(
        terminal, stranger.message(stranger.application(1)), unknown.message(unknown.application(1)),
        neighbour.message(neighbour.application(1)))
      let reasons = ["badSignature", "unknownTerminal", "foreignTerminal"]
      #expect(verdicts == reasons.map { .refused(reason: $0, correctable: false) })
      #expect(try await centre.get(path).text == before.0.text)
      #expect(try await centre.get("/p/\(number)").text == before.1.text)
      let claimed = try await progress(centre, number, SampleTerminal.code)
      #expect(claimed.text == before.0.text)
      let list = try await centre.get("/v1/cases", token: RunningCentre.clerkToken)
      #expect(reasons.allSatisfy { list.text.contains(#""reason":"\#($0)""#) })
      let own = try terminal.message(terminal.application(1))
      #expect(try await centre.deliver(terminal, own) == [.stored])
    }
  }

  @Test func `the page says the state and lets nothing travel on`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let number = try terminal.number(1)
      let page = try await centre.get("/p/\(number)")
      let groups = number.groups
      #expect(
        page.text == """
          进度 &amp; &lt;事项&gt;|notArrived|\(number)|\(groups[0])-\(groups[1])-|\
          \(groups[2])-\(groups[3])-\(groups[4])|尚未收到，可能仍在终端待传|Wait
          """)
      #expect(page.header("referrer-policy") == "no-referrer")
      #expect(page.header("cache-control") == "no-store")
      let policy = try #require(page.header("content-security-policy"))
      #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
      #expect(!policy.contains("unsafe"))
      let illFormed = try await centre.get("/p/123")
      #expect(illFormed.status == 400 && illFormed.text == "no number: Progress")
    }
  }

  @Test func `what a page loads is served, other files are not`() async throws {
    try await RunningCentre.serving { centre in
      let asset = try await centre.get("/assets/a.js")
      #expect(asset.bytes == [1, 2])
      #expect(asset.header("content-type") == "text/javascript")
      for path in ["/assets/b.js", "/assets/..%2Fclerk.token", "/nowhere"] {
        let answer = try await centre.get(path)
        #expect(answer.status == 404)
        #expect(answer.header("content-type") == "application/problem+json")
      }
    }
  }
}
