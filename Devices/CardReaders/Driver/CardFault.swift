// SPDX-License-Identifier: Apache-2.0

/// Why a card's text is not taken. Says which field, never what stands in it.
public enum CardFault: Error, Hashable, Sendable {
  /// A block, or a length within it, that no card has.
  case length
  /// A letter of kind that no list names.
  case kind
  /// Broken UTF-16, or characters that nobody can write.
  case text(CardField)
  /// Text that cannot stand in this field.
  case value(CardField)
}
