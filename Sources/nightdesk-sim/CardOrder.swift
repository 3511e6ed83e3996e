// SPDX-License-Identifier: Apache-2.0

import Simulators

/// `POST /card`.
struct CardOrder: Order {
  struct Card: Decodable {
    /// `resident`, `J`, `I` or `Y`; absent: a resident card.
    var kind: String?
    var name: String
    var nameEnglish: String?
    var sex: String
    var nationality: String?
    var ethnicity: String?
    var birth: String
    var address: String?
    var idNumber: String
    var issuer: String?
    var validFrom: String
    var validTo: String
    var passNumber: String?
    var issueCount: String?
    var additionalAddress: String?
  }

  static let keys: Set<String> = ["put", "take"]
  var put: Card?
  var take: Bool?

  func carryOut(_ bench: Bench) throws {
    if take == true { bench.reader.take() }
    guard let put else { return }
    let kind = try known(put.kind, SimulatedCard.Kind.init(rawValue:)) ?? .resident
    let card = SimulatedCard(
      kind: kind, name: put.name, nameEnglish: put.nameEnglish ?? "", sex: put.sex,
      nationality: put.nationality ?? "", ethnicity: put.ethnicity ?? "", birth: put.birth,
      address: put.address ?? "", idNumber: put.idNumber, issuer: put.issuer ?? "",
      validFrom: put.validFrom, validTo: put.validTo, passNumber: put.passNumber ?? "",
      issueCount: put.issueCount ?? "", additionalAddress: put.additionalAddress)
    guard card.tooLong.isEmpty else {
      throw BadOrder(sentence: "too long for a card: " + card.tooLong.joined(separator: ", "))
    }
    bench.reader.put(card)
  }
}
