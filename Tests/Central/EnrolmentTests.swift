// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@testable import Central

@Suite struct EnrolmentTests {
  @Test func `a one-time code makes a terminal known`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let identity = try #require(terminal.identity)
      #expect(identity.terminal == "T0012" && identity.area == "320507")
      #expect(identity.allotment.text == "0001")
      #expect(identity.centre == centre.address)
      let second = try await centre.enrolled("T0013", chance: 8)
      #expect(second.identity?.allotment.text == "0004")
    }
  }

  @Test func `a code serves one key, that one again and again, and no other`() async throws {
    try await RunningCentre.serving { centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let key = TerminalSigner.generated().publicKey
      let first = try await centre.post("/v1/enrolments", EnrolmentRequest(code: code, publicKey: key))
      let again = try await centre.post("/v1/enrolments", EnrolmentRequest(code: code, publicKey: key))
      #expect(first.status == 200 && again.bytes == first.bytes)
      let other = try await centre.post(
        "/v1/enrolments",
        EnrolmentRequest(code: code, publicKey: TerminalSigner.generated().publicKey))
      #expect(other.status == 403)
      #expect(other.text.contains("urn:nightdesk:problem:enrolment-code"))
    }
  }

  @Test func `a code that is unknown or over its time is refused`() async throws {
    try await RunningCentre.serving { centre in
      let key = TerminalSigner.generated().publicKey
      let late = centre.codes.make(for: "T0012", chance: 7, validSeconds: 0)
      for code in [late, "0000-0000-0000-0000", "short"] {
        let answer = try await centre.post(
          "/v1/enrolments", EnrolmentRequest(code: code, publicKey: key))
        #expect(answer.status == 403)
      }
      let good = centre.codes.make(for: "T0012", chance: 8)
      let noKey = try await centre.post(
        "/v1/enrolments", EnrolmentRequest(code: good, publicKey: [1, 2]))
      #expect(noKey.status == 400)
    }
  }

  @Test func `a code is read as people write it`() throws {
    let code = EnrolmentCode(chance: Array(0..<10))
    #expect(code.grouped.count == 19)
    #expect(EnrolmentCode(code.grouped) == code)
    #expect(EnrolmentCode(code.text.lowercased())?.hash == code.hash)
    #expect(EnrolmentCode(code.text + "0") == nil)
  }
}
