// SPDX-License-Identifier: Apache-2.0

import Certificates
import Records
import Testing
import Wire

/// Seals for a centre as a real terminal does.
struct SampleTerminal {
  var signer = TerminalSigner.generated()
  var tlsKey = CertificateKey.generated()
  /// PEM; empty before it is enrolled.
  var certificate = ""
  var routingKey = OpeningKey.generated()
  var contentKey = OpeningKey.generated()
  var identity: TerminalIdentity?

  static let code = ClaimCode(chance: [1, 2, 3, 4, 5])
  /// Saturday 2026-11-21, 03:12 in China.
  static let night = Timestamp(milliseconds: 1_795_201_920_000)

  func sealer() throws -> EnvelopeSealer {
    let made = TerminalIdentity(
      terminal: "T0012", area: "320507", allotment: try allotment(), centre: "http://127.0.0.1",
      routingKey: routingKey.sealingKey, contentKey: contentKey.sealingKey,
      root: RootDocument(version: 1, signers: [], threshold: 1), authority: "", timeKey: [],
      enrolledAt: Self.night)
    return try EnvelopeSealer(identity: identity ?? made, signer: signer)
  }

  private func allotment() throws -> Allotment {
    if let identity { return identity.allotment }
    return try #require(Allotment("0001"))
  }

  func number(_ sequence: Int) throws -> CaseNumber {
    let day = Day(year: 2026, month: 11, day: 21)
    return try #require(
      CaseNumber(area: "320507", allotment: try allotment(), day: day, sequence: sequence))
  }

  func id(_ byte: UInt8) -> EnvelopeID {
    EnvelopeID(milliseconds: Self.night.milliseconds, chance: Array(repeating: byte, count: 10))
  }

  func application(_ id: UInt8, matter: String = "card", name: String = "𠮷·㼆") throws -> Submission {
    let number = try number(Int(id))
    let time = QualifiedTime(at: Self.night, quality: .running)
    return Submission(
      reservation: Reservation(id: self.id(id), number: number, time: time), kind: .application,
      routing: Routing(
        matter: matter, matterVersion: 1, time: time, assurance: .cardRead,
        claimHash: ClaimHash.of(number, Self.code)),
      content: Content(
        applicant: Resident(
          name: name, sex: "1", ethnicity: "01", birth: "19491231", address: "某某路1号",
          idNumber: "11010519491231002X", issuer: "某某公安局", validFrom: "20200101",
          validTo: "长期"),
        answers: ["note": .text("<b>&</b>"), "agree": .flag(true), "kinds": .chosen(["a"])],
        materials: [MaterialStatement(id: "id_card", way: .cardRead)], claimCode: Self.code,
        language: "zh"))
  }

  func told(_ id: UInt8, of application: UInt8, _ told: Told) throws -> Submission {
    let time = QualifiedTime(at: Self.night, quality: .running)
    return Submission(
      reservation: Reservation(id: self.id(id), number: try number(Int(application)), time: time),
      kind: .told, after: [self.id(application)],
      routing: Routing(time: time, assurance: .none, told: told))
  }

  func rating(_ id: UInt8, of application: UInt8, _ rating: Int?) throws -> Submission {
    var submission = try told(id, of: application, .shown)
    submission.kind = .rating
    submission.routing.told = nil
    submission.routing.rating = rating
    return submission
  }

  /// Takes back, or sets right, the application numbered `first`.
  func following(
    _ id: UInt8, _ kind: EnvelopeKind, first: Int, code: ClaimCode = Self.code
  ) throws -> Submission {
    var submission = try application(id)
    submission.kind = kind
    submission.routing.matter = nil
    submission.routing.matterVersion = nil
    submission.routing.first = try number(first)
    submission.routing.firstClaimHash = ClaimHash.of(try number(first), code)
    return submission
  }

  func message(_ submission: Submission) throws -> EnvelopeMessage {
    EnvelopeMessage(try sealer().seal(submission))
  }
}
