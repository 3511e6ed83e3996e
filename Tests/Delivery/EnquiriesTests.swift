// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Records
import Testing
import Wire

@testable import Delivery

@Suite(.timeLimit(.minutes(1)))
struct EnquiriesTests {
  private let number: CaseNumber
  private let code: ClaimCode

  init() throws {
    number = try envelope(7).number
    code = ClaimCode(chance: [1, 2, 3, 4, 5])
  }

  private func outcome(
    _ answer: ScriptedServer.Answer, code: ClaimCode?
  ) async throws -> Result<CaseProgress, EnquiryFault> {
    let server = try await ScriptedServer.start { _ in answer }
    return try await withLink(server, nil) { link in
      do throws(EnquiryFault) {
        return .success(
          try await Enquiries(link: link, clock: ManualClock()).progress(of: number, code: code))
      } catch {
        return .failure(error)
      }
    }
  }

  private var received: CaseProgress {
    CaseProgress(number: number, state: .received, words: .init(zh: "已收到", en: "Received"))
  }

  @Test func theStateComesBackForANumberAlone() async throws {
    let body = String(decoding: Canonical.encode(received), as: UTF8.self)
    #expect(try await outcome(.http(200, "application/json", body), code: nil) == .success(received))
  }

  @Test func anAnswerAboutAnotherNumberIsNone() async throws {
    var other = received
    other.number = try envelope(8).number
    let body = String(decoding: Canonical.encode(other), as: UTF8.self)
    #expect(try await outcome(.http(200, "application/json", body), code: code) == .failure(.notUnderstood))
  }

  @Test func aWrongCodeIsToldFromATerminalThatIsNotKnown() async throws {
    let problem = { (name: String) in #"{"type":"urn:nightdesk:problem:\#(name)","title":"x","status":403}"# }
    let type = "application/problem+json"
    let wrong = ScriptedServer.Answer.http(403, type, problem("claim-code-wrong"))
    #expect(try await outcome(wrong, code: code) == .failure(.wrongCode))
    let unknown = ScriptedServer.Answer.http(403, type, problem("terminal-unknown"))
    #expect(try await outcome(unknown, code: code) == .failure(.unreachable))
    let page = ScriptedServer.Answer.http(403, "text/html", problem("claim-code-wrong"))
    #expect(try await outcome(page, code: code) == .failure(.unreachable))
  }

  @Test func restingSaysForHowLong() async throws {
    let body = #"{"type":"urn:nightdesk:problem:claim-codes-resting","title":"x","status":429}"#
    let answer = ScriptedServer.Answer.http(
      429, "application/problem+json", body, headers: ["Retry-After: 90"])
    #expect(try await outcome(answer, code: code) == .failure(.resting(seconds: 90)))
  }

  @Test func anEnquiryEndsWithThePatienceOfWhoeverWaits() async throws {
    let clock = ManualClock()
    let enquiries = Enquiries(link: LinkDouble(), patience: .seconds(5), clock: clock)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await clock.pass(.seconds(5)...(.seconds(5))) }
      await #expect(throws: EnquiryFault.unreachable) {
        try await enquiries.progress(of: number, code: code)
      }
    }
  }

  @Test func anEnquiryEndsWithItsCaller() async throws {
    let enquiries = Enquiries(link: LinkDouble(), clock: ManualClock())
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await #expect(throws: EnquiryFault.self) {
          try await enquiries.progress(of: number, code: nil)
        }
      }
      group.cancelAll()
    }
  }
}
