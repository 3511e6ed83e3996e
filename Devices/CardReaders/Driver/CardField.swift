// SPDX-License-Identifier: Apache-2.0

import Records

/// The facts in the text of identity documents; no kind of document has all.
public enum CardField: String, Hashable, Sendable, CaseIterable {
  case name, nameEnglish, sex, ethnicity, birth, address, idNumber, issuer
  case validFrom, validTo, passNumber, issueCount, nationality
}

extension Resident.Document {
  /// The letter that each kind but the resident card carries at byte 248; nil for a letter
  /// that no list names.
  init?(letter: UInt16) {
    switch letter {
    case 0x20, 0: self = .residentCard
    case 0x4A: self = .residencePermit
    case 0x49: self = .permanentResidence2017
    case 0x59: self = .permanentResidence2023
    default: return nil
    }
  }

  /// Where the facts lie in the 256 bytes: vendors' sheet "SAM 通信协议" for resident cards,
  /// public code for the others. Of `permanentResidence2023` bytes 220 to 241 are likely only:
  /// all sources go back to one.
  var places: [CardField: [Range<Int>]] {
    switch self {
    case .residentCard: Self.common.merging([.ethnicity: [32..<36]]) { $1 }
    case .residencePermit:
      Self.common.merging([.passNumber: [220..<238], .issueCount: [238..<242]]) { $1 }
    case .permanentResidence2017:
      [
        .nameEnglish: [0..<120], .sex: [120..<122], .idNumber: [122..<152],
        .nationality: [152..<158], .name: [158..<188], .validFrom: [188..<204],
        .validTo: [204..<220], .birth: [220..<236], .issuer: [240..<248],
      ]
    case .permanentResidence2023:
      [
        .name: [0..<30], .sex: [30..<32], .issueCount: [32..<36], .birth: [36..<52],
        .nameEnglish: [52..<122, 220..<242], .idNumber: [122..<158], .validFrom: [188..<204],
        .validTo: [204..<220], .nationality: [242..<248],
      ]
    case .heldCode: [:]
    }
  }

  private static let common: [CardField: [Range<Int>]] = [
    .name: [0..<30], .sex: [30..<32], .birth: [36..<52], .address: [52..<122],
    .idNumber: [122..<158], .issuer: [158..<188], .validFrom: [188..<204],
    .validTo: [204..<220],
  ]
}
