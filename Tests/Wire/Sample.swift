// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

/// One terminal, its centre's keys and submissions to seal.
struct Sample {
  let signer = TerminalSigner.generated()
  let routingKey = OpeningKey.generated()
  let contentKey = OpeningKey.generated()
  let rootKey = SigningKey.generated()
  let timeKey = SigningKey.generated()

  var root: RootDocument {
    RootDocument(version: 1, signers: [.init(publicKey: rootKey.publicKey)], threshold: 1)
  }

  func identity() throws -> TerminalIdentity {
    TerminalIdentity(
      terminal: "T0012", area: "320507", allotment: try #require(Allotment("00A7")),
      centre: "http://127.0.0.1:40005", routingKey: routingKey.sealingKey,
      contentKey: contentKey.sealingKey, root: root, authority: "-----BEGIN CERTIFICATE-----",
      timeKey: timeKey.publicKey,
      enrolledAt: Timestamp(milliseconds: 1_795_200_000_000))
  }

  func sealer() throws -> EnvelopeSealer { try EnvelopeSealer(identity: identity(), signer: signer) }

  func reservation() throws -> Reservation {
    let day = Day(year: 2026, month: 11, day: 21)
    let allotment = try #require(Allotment("00A7"))
    let number = try #require(
      CaseNumber(area: "320507", allotment: allotment, day: day, sequence: 33))
    return Reservation(
      id: EnvelopeID(milliseconds: 1_795_201_920_000, chance: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
      number: number,
      time: QualifiedTime(at: Timestamp(milliseconds: 1_795_201_920_000), quality: .synchronised))
  }

  static let resident = Resident(
    name: "𠮷·㼆", sex: "1", ethnicity: "01", birth: "19491231", address: "江苏省苏州市某某路1号",
    idNumber: "11010519491231002X", issuer: "某某公安局", validFrom: "20200101", validTo: "长期")

  static let foreigner = Resident(
    document: .permanentResidence2023, name: "样张·史密斯", nameEnglish: "SMITH, SPECIMEN", sex: "1",
    nationality: "GBR", birth: "19810803", idNumber: "911124198108030024", validFrom: "20231201",
    validTo: "20331130", issueCount: "01")

  func content() -> Content {
    Content(
      applicant: Self.resident,
      answers: ["note": .text("a/b \"c\" 𠮷"), "agree": .flag(true), "kinds": .chosen(["a", "b"])],
      materials: [MaterialStatement(id: "id_card", way: .cardRead)],
      claimCode: ClaimCode(chance: [1, 2, 3, 4, 5]), language: "zh")
  }

  func application() throws -> Submission {
    let reservation = try reservation()
    return Submission(
      reservation: reservation, kind: .application,
      routing: Routing(
        matter: "ss_enrol_proof", matterVersion: 1, time: reservation.time, assurance: .cardRead,
        claimHash: ClaimHash.of(reservation.number, content().claimCode)),
      content: content())
  }

  func told() throws -> Submission {
    let reservation = try reservation()
    return Submission(
      reservation: reservation, kind: .told, after: [reservation.id],
      routing: Routing(
        matter: "ss_enrol_proof", matterVersion: 1, time: reservation.time, assurance: .cardRead,
        told: .printed))
  }
}

extension [UInt8] {
  /// The same bytes with one bit of byte `index` turned.
  func altered(at index: Int) -> [UInt8] {
    var copy = self
    copy[index] ^= 1
    return copy
  }
}
