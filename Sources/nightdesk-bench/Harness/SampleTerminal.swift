// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// An enrolled terminal of an invented district, with both ends' keys.
struct SampleTerminal: Sendable {
  static let name = "bench-01"
  static let area = "320507"
  static let matter = "bench-matter"

  let identity: TerminalIdentity
  let signer: SigningKey
  let sealer: EnvelopeSealer
  /// The centre's front key.
  let routing: OpeningKey
  let content: OpeningKey

  /// - Parameter centre: URL, where there is one.
  init(
    allotment: Allotment, signer: SigningKey = .generated(), routing: OpeningKey = .generated(),
    centre: String = ""
  ) throws {
    self.signer = signer
    self.routing = routing
    content = OpeningKey.generated()
    let office = SigningKey.generated()
    identity = TerminalIdentity(
      terminal: Self.name, area: Self.area, allotment: allotment, centre: centre,
      routingKey: routing.sealingKey, contentKey: content.sealingKey,
      root: RootDocument(version: 1, signers: [.init(publicKey: office.publicKey)], threshold: 1),
      authority: "", timeKey: office.publicKey, enrolledAt: BenchClock().now().at)
    sealer = try EnvelopeSealer(identity: identity, signer: signer)
  }

  static func sampleAllotment() throws -> Allotment {
    guard let allotment = Allotment("B001") else { throw BenchFault("no allotment") }
    return allotment
  }
}

/// An application like a real one: an invented person with the published specimen number of
/// GB 11643, about 1,500 bytes of content once sealed.
enum SampleFiling {
  static func submission(
    _ reservation: Reservation, matter: String = SampleTerminal.matter, chance: some RandomSource
  ) -> Submission {
    let claim = ClaimCode(chance: chance.bytes(5))
    let routing = Routing(
      matter: matter, matterVersion: 3, time: reservation.time, assurance: .cardRead,
      claimHash: ClaimHash.of(reservation.number, claim))
    return Submission(
      reservation: reservation, kind: .application, routing: routing, content: content(claim))
  }

  private static func content(_ claim: ClaimCode) -> Content {
    let applicant = Resident(
      name: "张三", sex: "1", ethnicity: "01", birth: "19491231", address: "北京市朝阳区样本路一号院二号楼三单元",
      idNumber: "11010519491231002X", issuer: "样本市公安局样本分局", validFrom: "20200101", validTo: "长期")
    let story = String(repeating: "因工作调动需要办理，材料齐全，情况属实。", count: 11)
    let materials = ["card", "form", "photo", "proof", "lease"].map {
      MaterialStatement(id: $0, way: .centreChecks)
    }
    return Content(
      applicant: applicant,
      answers: [
        "telephone": .text("00000000000"), "reason": .text(story), "agrees": .flag(true),
        "delivery": .chosen(["counter", "post"]),
      ],
      materials: materials, claimCode: claim, language: "zh")
  }
}
