// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import Records
import ServiceLifecycle
import Testing
import Wire

@testable import Central

@Suite struct OfficeTests {
  /// Answers every question with the same.
  private struct Answering: CentreLink {
    var answer: CentreAnswer?

    func ask(_ question: CentreQuestion) async throws -> CentreAnswer {
      guard let answer else { throw ChannelEnded() }
      return answer
    }
  }

  private struct ChannelEnded: Error {}

  private func office(_ answer: CentreAnswer? = nil) -> Office {
    Office(
      centre: Answering(answer: answer), key: SampleCentre.content,
      clerkToken: RunningCentre.clerkToken, words: SampleCentre.words, pages: SampleCentre.pages,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  private func asked(
    _ office: Office, _ path: String, token: String = RunningCentre.clerkToken
  ) async throws -> (status: Int, text: String) {
    let (ports, found) = AsyncStream<Int>.makeStream()
    let door = office.door(at: DoorPlace(port: 0)) { found.yield($0) }
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await door.run() }
      let port = try #require(await ports.first { _ in true })
      var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
      request.headers.add(name: "Authorization", value: "Bearer \(token)")
      let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
      let body = try await answer.body.collect(upTo: 1 << 20)
      group.cancelAll()
      return (Int(answer.status.code), String(buffer: body))
    }
  }

  @Test func `contents open here, and only under the number that was asked for`() throws {
    var terminal = SampleTerminal()
    terminal.contentKey = SampleCentre.content
    let message = try terminal.message(terminal.application(1))
    let opened = office().content(of: message, number: try terminal.number(1))
    #expect(opened?.applicant.name == "𠮷·㼆")
    #expect(office().content(of: message, number: try terminal.number(2)) == nil)
    var altered = message
    altered.content.bytes[40] ^= 1
    #expect(office().content(of: altered, number: try terminal.number(1)) == nil)
    let other = SampleTerminal()
    let foreign = try other.message(other.application(1))
    #expect(office().content(of: foreign, number: try other.number(1)) == nil)
  }

  @Test func `without the token nothing is asked`() async throws {
    for path in ["/v1/cases", "/v1/cases/1", "/v1/tasks", "/v1/terminals", "/v1/counts"] {
      #expect(try await asked(office(), path, token: "x").status == 401)
    }
    let page = try await asked(office(), "/clerk/", token: "")
    #expect(page.status == 200 && page.text == "clerk: 进度 &amp; &lt;事项&gt;")
  }

  @Test func `a centre that does not answer, or not sensibly, is said`() async throws {
    #expect(try await asked(office(), "/v1/counts").status == 502)
    let number = try SampleTerminal().number(1)
    let junk = CentreAnswer(status: 200, mediaType: "application/json", body: Array("{}".utf8))
    #expect(try await asked(office(junk), "/v1/cases/\(number)").status == 502)
    let missing = CentreAnswer(status: 404, mediaType: "application/problem+json", body: Array("{}".utf8))
    #expect(try await asked(office(missing), "/v1/cases/\(number)").status == 404)
  }
}
