// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Records
import Testing
import Wire

@testable import Central

@Suite struct ClerkTests {
  @Test(arguments: ["/v1/cases", "/v1/cases/1/envelope", "/v1/counts", "/v1/tasks", "/v1/terminals"])
  func `without the token nothing is shown`(path: String) async throws {
    try await RunningCentre.serving { centre in
      for token in [nil, "", "5ec2e8", "5ec2e7x", "5ec2e"] {
        let answer = try await centre.get(path, token: token)
        #expect(answer.status == 401)
        #expect(answer.header("www-authenticate") == "Bearer")
      }
    }
  }

  @Test func `without the token nothing is withdrawn`() async throws {
    try await RunningCentre.serving { centre in
      let path = "/v1/clerk/matters/card/withdraw"
      #expect(try await centre.send(path, nil).status == 401)
      let terminal = try await centre.enrolled()
      #expect(try await centre.deliver(terminal, terminal.message(terminal.application(1))) == [.stored])
      let unknown = try await centre.send(
        "/v1/clerk/matters/nothing/withdraw", nil, token: RunningCentre.clerkToken)
      #expect(unknown.status == 404)
    }
  }

  @Test func `the list shows what is routed by and nothing of the person`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      _ = try await centre.deliver(
        terminal, terminal.message(terminal.application(1)),
        terminal.message(terminal.told(2, of: 1, .unknown)))
      let list = try await centre.get("/v1/cases", token: RunningCentre.clerkToken)
      let number = try terminal.number(1)
      #expect(
        list.text == """
          {"cases":[{"assurance":"cardRead","caseNumber":"320507-20261121-000001","corrections":[],\
          "deliveries":1,"due":null,"filedAt":1795201920000,"first":null,"flagged":true,\
          "id":"\(terminal.id(1))","kind":"application","matter":"card",\
          "matterName":{"en":"Old-age allowance","zh":"尊老金申领"},"number":"\(number)",\
          "owner":null,"reason":null,"receivedAt":1795202520000,"settledAt":null,\
          "state":"received","terminal":"T0012","timeQuality":"running","told":"unknown",\
          "withdrawnBy":null}],\
          "next":null}
          """)
    }
  }

  @Test func `pages follow each other`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      for id in UInt8(1)...3 {
        _ = try await centre.deliver(terminal, terminal.message(terminal.application(id)))
      }
      let token = RunningCentre.clerkToken
      let first = try await centre.get("/v1/cases?limit=2", token: token)
      #expect(first.text.hasSuffix(#""next":"2"}"#))
      let second = try await centre.get("/v1/cases?limit=2&cursor=2", token: token)
      #expect(second.text.contains(try terminal.number(3).description))
      #expect(second.text.hasSuffix(#""next":null}"#))
      for query in ["limit=0", "limit=501", "limit=x", "cursor=-1", "cursor=x"] {
        #expect(try await centre.get("/v1/cases?\(query)", token: token).status == 400)
      }
    }
  }

  @Test func `a single case is fetched as it was sealed`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let message = try terminal.message(terminal.application(1))
      _ = try await centre.deliver(terminal, message)
      let path = "/v1/cases/\(try terminal.number(1).grouped)"
      let token = RunningCentre.clerkToken
      let answer = try await centre.get(path + "/envelope", token: token)
      let sealed = try JSONDecoder().decode(SealedCase.self, from: Data(answer.bytes))
      let number = try terminal.number(1)
      #expect(sealed.envelope == message && sealed.case.number == number)
      // Nothing here opens it.
      #expect(try await centre.get(path, token: token).status == 404)
      let unknown = try await centre.get(
        "/v1/cases/\(try terminal.number(9))/envelope", token: token)
      #expect(unknown.status == 404)
    }
  }

  @Test func `a refused case is in the list with its debt`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let stranger = SampleTerminal(
        routingKey: terminal.routingKey, contentKey: terminal.contentKey,
        identity: terminal.identity)
      _ = try await centre.deliver(terminal, stranger.message(stranger.application(1)))
      let list = try await centre.get("/v1/cases", token: RunningCentre.clerkToken)
      for member in [
        #""state":"refused""#, #""reason":"badSignature""#, #""owner":"clerk""#, #""matter":null"#,
        #""caseNumber":null"#, #""filedAt":null"#, #""due":1795375320000"#,
      ] { #expect(list.text.contains(member)) }
    }
  }
}
