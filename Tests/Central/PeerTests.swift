// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import NIOCore
import NIOSSL
import Records
import Synchronization
import Testing
import Wire

@testable import Central

@Suite struct PeerTests {
  @Test func `a certificate that is not of our authority ends at TLS`() async throws {
    try await RunningCentre.serving { centre in
      var stranger = try await centre.enrolled()
      let other = try CertificateAuthority.make(name: "other", term: SampleCentre.term(9))
      stranger.certificate = try other.certify(
        terminal: "T0012", request: stranger.tlsKey.request(named: "T0012"), term: SampleCentre.term(3))
      let asked = stranger
      await #expect(throws: (any Error).self) {
        try await centre.get("/healthz", at: .terminals(asked))
      }
      #expect(try await centre.get("/healthz").status == 200)
    }
  }

  @Test func `a certificate of ours that nobody issued is unknown`() async throws {
    try await RunningCentre.serving { centre in
      var forged = try await centre.enrolled()
      forged.certificate = try centre.centre.authority.current.certify(
        terminal: "T0012", request: forged.tlsKey.request(named: "T0012"), term: SampleCentre.term(8))
      let answer = try await centre.get("/v1/catalogue", at: .terminals(forged))
      #expect(answer.status == 403 && answer.text.contains("terminal-unknown"))
      #expect(try await centre.get("/healthz", at: .terminals(forged)).status == 200)
    }
  }

  @Test func `a certificate over its time by the centre's clock is unknown`() async throws {
    // By the clock of this machine, which TLS reads, it is good.
    let clock = MovedTime()
    let moved: RunningCentre.Change = { $0.clock = clock }
    try await RunningCentre.serving(moved) { centre in
      let terminal = try await centre.enrolled()
      #expect(try await centre.get("/v1/catalogue", at: .terminals(terminal)).status == 204)
      clock.seconds.withLock { $0 = 36_501 * 86_400 }
      #expect(try await centre.get("/v1/catalogue", at: .terminals(terminal)).status == 403)
    }
  }

  @Test func `revocation counts for the next request and ends the open stream`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      let stream = try await HTTPClient.shared.execute(
        centre.request("/v1/events", at: .terminals(terminal)), timeout: .seconds(30))
      var events = stream.body.makeAsyncIterator()
      #expect(try await events.next().map { String(buffer: $0) } == ": hb\n\n")
      let path = "/v1/terminals/T0012/revocation"
      let answer = try await centre.send(path, nil, token: RunningCentre.clerkToken)
      #expect(answer.text == #"{"revoked":1,"terminal":"T0012"}"#)
      while try await events.next() != nil {}
      #expect(try await centre.get("/v1/catalogue", at: .terminals(terminal)).status == 403)
    }
  }

  @Test func `a batch in another terminal's name is refused whole`() async throws {
    try await RunningCentre.serving { centre in
      let one = try await centre.enrolled()
      let other = try await centre.enrolled("T0013", chance: 8)
      let batch = BatchRequest(
        batch: "b", terminal: "T0012", envelopes: [try one.message(one.application(1))])
      let answer = try await centre.post("/v1/batches", batch, at: .terminals(other))
      #expect(answer.status == 403 && answer.text.contains("terminal-unknown"))
      let replayed = try await centre.deliver(other, one.message(one.application(1)))
      #expect(replayed == [.refused(reason: "foreignTerminal", correctable: false)])
      #expect(try await centre.deliver(one, one.message(one.application(1))) == [.stored])
    }
  }

  @Test func `a renewed certificate serves, and the one before goes on`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      var renewed = terminal
      renewed.tlsKey = .generated()
      let answer = try await centre.post(
        "/v1/certificates",
        CertificateRenewal(certificateRequest: renewed.tlsKey.request(named: "T9999")),
        at: .terminals(terminal))
      renewed.certificate = try CertificateReply.decode(answer.bytes).certificate
      let shown = try PeerCertificate(pem: renewed.certificate)
      #expect(shown.name == "T0012")
      for holder in [terminal, renewed] {
        #expect(try await centre.get("/v1/catalogue", at: .terminals(holder)).status == 204)
      }
    }
  }

  @Test func `a cut audit chain is told to the terminal and shown to clerks`() async throws {
    try await RunningCentre.serving { centre in
      let terminal = try await centre.enrolled()
      func cut(_ letter: String) async throws -> Bool? {
        let head = AuditHead(entries: 5, chain: String(repeating: letter, count: 64))
        let batch = BatchRequest(batch: "b", terminal: "T0012", envelopes: [], audit: head)
        let answer = try await centre.post("/v1/batches", batch, at: .terminals(terminal))
        return try BatchReply.decode(answer.bytes).auditCut
      }
      #expect(try await cut("a") == nil)
      #expect(try await cut("b") == true)
      let list = try await centre.get("/v1/terminals", token: RunningCentre.clerkToken)
      #expect(list.text.contains(#""auditCut":true"#))
    }
  }
}

/// A clock that a test moves.
final class MovedTime: WallTime {
  let seconds = Mutex<Int64>(0)

  func now() -> QualifiedTime {
    let start = FixedTime().now()
    return QualifiedTime(
      at: start.at.advanced(bySeconds: seconds.withLock { $0 }), quality: start.quality)
  }
}
