// SPDX-License-Identifier: Apache-2.0

import Certificates
import Foundation
import Records
import Testing
import Wire

@testable import Central

/// What a terminal and the centre say to each other in one life, a line each: the name of the
/// schema and the message. `Tests/API` holds it against the contract.
@Suite struct RecordedRun {
  private static let path = ProcessInfo.processInfo.environment["NIGHTDESK_RECORDED"]

  @Test(.enabled(if: path != nil)) func `a life of a terminal is written down`() async throws {
    try await RunningCentre.serving { centre in
      var lines: [(String, [UInt8])] = []
      var terminal = SampleTerminal()
      let code = centre.codes.make(for: "T0012", chance: 7)
      let enrolment = EnrolmentRequest(
        code: code, publicKey: terminal.signer.publicKey,
        certificateRequest: try terminal.tlsKey.request(named: "T0012"))
      let enrolled = try await centre.post("/v1/enrolments", enrolment, at: .enrolment)
      lines += [("EnrolmentRequest", Canonical.encode(enrolment)), ("EnrolmentReply", enrolled.bytes)]
      let reply = try EnrolmentReply.decode(enrolled.bytes)
      terminal.identity = reply.identity
      terminal.certificate = reply.certificate
      lines += try await Self.day(of: terminal, centre)
      let text = lines.map { "[\"\($0)\",\(String(decoding: $1, as: UTF8.self))]\n" }.joined()
      try Data(text.utf8).write(to: URL(filePath: try #require(Self.path)))
    }
  }

  private static func day(
    of terminal: SampleTerminal, _ centre: RunningCentre
  ) async throws -> [(String, [UInt8])] {
    let batch = BatchRequest(
      batch: "01", terminal: "T0012",
      envelopes: [
        try terminal.message(terminal.application(1)),
        try terminal.message(terminal.told(2, of: 1, .printed)),
        try terminal.message(terminal.rating(3, of: 1, 5)),
        try terminal.message(terminal.following(4, .correction, first: 1)),
        try terminal.message(terminal.following(5, .withdrawal, first: 1)),
        try terminal.message(
          terminal.following(6, .withdrawal, first: 1, code: ClaimCode(chance: [9, 9, 9, 9, 9]))),
      ], audit: AuditHead(entries: 3, chain: String(repeating: "0", count: 64)))
    let renewal = CertificateRenewal(certificateRequest: try terminal.tlsKey.request(named: "T0012"))
    let claim = ProgressRequest(
      number: try terminal.number(1).grouped, claimCode: SampleTerminal.code.grouped)
    let nonce = String(repeating: "0f", count: 16)
    let door = RunningCentre.Door.terminals(terminal)
    return [
      ("BatchRequest", Canonical.encode(batch)),
      ("BatchReply", try await centre.post("/v1/batches", batch, at: door).bytes),
      ("CertificateRenewal", Canonical.encode(renewal)),
      ("CertificateReply", try await centre.post("/v1/certificates", renewal, at: door).bytes),
      ("ProgressRequest", Canonical.encode(claim)),
      ("Progress", try await centre.post("/v1/progress", claim, at: door).bytes),
      ("Progress", try await centre.get("/v1/progress/\(terminal.number(1))", at: door).bytes),
      ("SignedTime", try await centre.get("/v1/time?nonce=\(nonce)").bytes),
      ("CommandReport", Canonical.encode(CommandReport(outcome: .init(.failed, detail: "no paper")))),
      ("Problem", try await centre.get("/v1/catalogue?after=x", at: door).bytes),
      ("CaseListing", try await centre.get("/v1/cases", token: RunningCentre.clerkToken).bytes),
      ("TaskListing", try await centre.get("/v1/tasks", token: RunningCentre.clerkToken).bytes),
      ("TerminalListing", try await centre.get("/v1/terminals", token: RunningCentre.clerkToken).bytes),
    ]
  }
}
