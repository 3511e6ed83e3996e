// SPDX-License-Identifier: Apache-2.0

/// Why a card's text is not taken. Says which field, never what stands in it.
public enum CardFault: Error, Hashable, Sendable {
  /// A block, or a length within it, that no card has.
  case length
  /// A card of another kind, whose fields lie elsewhere.
  case kind(CardKind)
  /// Broken UTF-16, or characters that nobody can write.
  case text(CardField)
  /// Text that cannot stand in this field.
  case value(CardField)
}

/// Cards that the same readers read and this program does not take yet.
public enum CardKind: Hashable, Sendable {
  /// Residence permit for people of Hong Kong, Macau and Taiwan (`J`, 2018).
  case residencePermit
  /// Permanent residence card for foreigners of 2017 (`I`).
  case permanentResidence2017
  /// Permanent residence card for foreigners of 2023 (`Y`).
  case permanentResidence2023
  case unknown

  init(letter: UInt16) {
    self =
      switch letter {
      case 0x4A: .residencePermit
      case 0x49: .permanentResidence2017
      case 0x59: .permanentResidence2023
      default: .unknown
      }
  }
}

/// The fields of a resident card's text.
public enum CardField: Hashable, Sendable, CaseIterable {
  case name, sex, ethnicity, birth, address, idNumber, issuer, validFrom, validTo

  /// Bytes from the beginning of the text block (vendors' sheet "SAM 通信协议").
  var place: Range<Int> {
    switch self {
    case .name: 0..<30
    case .sex: 30..<32
    case .ethnicity: 32..<36
    case .birth: 36..<52
    case .address: 52..<122
    case .idNumber: 122..<158
    case .issuer: 158..<188
    case .validFrom: 188..<204
    case .validTo: 204..<220
    }
  }
}
