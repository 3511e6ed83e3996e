// SPDX-License-Identifier: Apache-2.0

import Records

/// The text of an identity document: 256 bytes of UTF-16LE in fields of fixed place, padded
/// with spaces (GA/T 490 and its siblings).
public struct CardText: Hashable, Sendable {
  /// Nil for a kind that no list names: nobody knows where its fields lie.
  public let document: Resident.Document?
  private let block: [UInt8]

  static let size = 256
  private static let letterPlace = 248

  public init(_ block: [UInt8]) throws(CardFault) {
    guard block.count == Self.size else { throw .length }
    self.block = block
    let place = Self.letterPlace
    document = Resident.Document(letter: UInt16(block[place]) | UInt16(block[place + 1]) << 8)
  }

  /// What stands in `field`, whatever it is: what cannot be written is shown as U+FFFD. Nil
  /// for a field that this kind of document lacks or that is blank.
  public func shown(_ field: CardField) -> String? {
    guard let units = units(field), !units.isEmpty else { return nil }
    return Self.shown(units)
  }

  /// The 70 bytes of an address that was added later, shown in the same way.
  public static func shown(address bytes: [UInt8]) -> String {
    shown(trimmed(units(bytes, [0..<bytes.count / 2 * 2])))
  }

  /// What stands in `field`; empty for a field that is not there.
  ///
  /// - Throws: `text` when it is not all characters that can be written.
  func text(_ field: CardField) throws(CardFault) -> String {
    try Self.written(units(field) ?? [], field)
  }

  /// The same of an address that was added later.
  static func address(_ bytes: [UInt8]) throws(CardFault) -> String {
    guard bytes.count == addressSize else { throw .length }
    return try written(trimmed(units(bytes, [0..<addressSize])), .address)
  }

  static let addressSize = 70

  private func units(_ field: CardField) -> [UInt16]? {
    document?.places[field].map { Self.trimmed(Self.units(block, $0)) }
  }

  private static func units(_ bytes: [UInt8], _ places: [Range<Int>]) -> [UInt16] {
    places.flatMap { place in
      stride(from: place.lowerBound, to: place.upperBound, by: 2).map {
        UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
      }
    }
  }

  /// Spaces fill up a field; some cards have NULs there.
  private static func trimmed(_ units: [UInt16]) -> [UInt16] {
    let isPadding: (UInt16) -> Bool = { $0 == 0x20 || $0 == 0 }
    guard let start = units.firstIndex(where: { !isPadding($0) }),
      let end = units.lastIndex(where: { !isPadding($0) })
    else { return [] }
    return Array(units[start...end])
  }

  private static func shown(_ units: [UInt16]) -> String {
    var text = String.UnicodeScalarView()
    for scalar in String(decoding: units, as: UTF16.self).unicodeScalars {
      text.append(isWritable(scalar) ? scalar : "\u{FFFD}")
    }
    return String(text)
  }

  private static func written(
    _ units: [UInt16], _ field: CardField
  ) throws(CardFault) -> String {
    guard let text = String(validating: units, as: UTF16.self),
      text.unicodeScalars.allSatisfy(isWritable)
    else { throw .text(field) }
    return text
  }

  /// No controls, no invisible marks that turn the direction of writing, no noncharacters.
  /// Private-use characters stay: older cards use them for rare names.
  private static func isWritable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: scalar.value & 0xFFFE != 0xFFFE
    }
  }
}
