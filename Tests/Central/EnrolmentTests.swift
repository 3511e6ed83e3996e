// SPDX-License-Identifier: Apache-2.0

import Certificates
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
      #expect(identity.centre == centre.terminalsAddress)
      #expect(identity.timeKey.bytes == centre.centre.keys.time.publicKey)
      let shown = try PeerCertificate(pem: terminal.certificate)
      #expect(shown.name == "T0012")
      let second = try await centre.enrolled("T0013", chance: 8)
      #expect(second.identity?.allotment.text == "0004")
    }
  }

  @Test func `a code serves one key, that one again and again, and no other`() async throws {
    try await RunningCentre.serving { centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let terminal = SampleTerminal()
      let first = try EnrolmentReply.decode(try await centre.enrol(terminal, code: code).bytes)
      let again = try EnrolmentReply.decode(try await centre.enrol(terminal, code: code).bytes)
      #expect(again.identity == first.identity)
      var known = terminal
      // The answer that was lost may have arrived after all: both certificates serve.
      for certificate in [first.certificate, again.certificate] {
        known.certificate = certificate
        #expect(try await centre.get("/v1/catalogue", at: .terminals(known)).status == 204)
      }
      let other = try await centre.enrol(SampleTerminal(), code: code)
      #expect(other.status == 403)
      #expect(other.text.contains("urn:nightdesk:problem:enrolment-code"))
    }
  }

  @Test func `a code that is unknown or over its time is refused`() async throws {
    try await RunningCentre.serving { centre in
      let late = centre.codes.make(for: "T0012", chance: 7, validSeconds: 0)
      for code in [late, "0000-0000-0000-0000", "short"] {
        #expect(try await centre.enrol(SampleTerminal(), code: code).status == 403)
      }
      let good = centre.codes.make(for: "T0012", chance: 8)
      let noKey = try await centre.post(
        "/v1/enrolments",
        EnrolmentRequest(
          code: good, publicKey: [1, 2], certificateRequest: CertificateKey.generated().request(named: "a")),
        at: .enrolment)
      #expect(noKey.status == 400)
    }
  }

  @Test func `a request that cannot be certified spends no code`() async throws {
    try await RunningCentre.serving { centre in
      let code = centre.codes.make(for: "T0012", chance: 7)
      let terminal = SampleTerminal()
      let answer = try await centre.post(
        "/v1/enrolments",
        EnrolmentRequest(code: code, publicKey: terminal.signer.publicKey, certificateRequest: "no"),
        at: .enrolment)
      #expect(answer.status == 422)
      #expect(try await centre.enrol(SampleTerminal(), code: code).status == 200)
    }
  }

  @Test func `a new enrolment ends the certificates of the old one`() async throws {
    try await RunningCentre.serving { centre in
      let old = try await centre.enrolled()
      #expect(try await centre.get("/v1/catalogue", at: .terminals(old)).status == 204)
      let new = try await centre.enrolled("T0012", chance: 8)
      let refused = try await centre.get("/v1/catalogue", at: .terminals(old))
      #expect(refused.status == 403 && refused.text.contains("terminal-unknown"))
      #expect(try await centre.get("/v1/catalogue", at: .terminals(new)).status == 204)
    }
  }

  @Test func `this door serves nothing but enrolment`() async throws {
    try await RunningCentre.serving { centre in
      let authority = try await centre.get("/v1/authority", at: .enrolment)
      #expect(authority.text == (try centre.centre.authority.current.certificate))
      for path in ["/v1/batches", "/v1/counts", "/v1/progress/1", "/v1/events", "/metrics", "/v1/catalogue"] {
        #expect(try await centre.get(path, at: .enrolment).status == 404)
      }
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
