// SPDX-License-Identifier: Apache-2.0

import Records

/// Why an envelope was not taken.
public enum RefusalReason: String, Hashable, Sendable, CaseIterable {
  case unknownTerminal, badSignature
  /// Well signed, but it does not open, or what is in it is nothing the store can hold.
  case unreadable
  /// Another envelope has this id.
  case idTaken
  /// Another filing has this number.
  case numberTaken
  /// The number is not of this terminal's.
  case foreignNumber
  /// Another terminal delivered it than the one its header names.
  case foreignTerminal
  case matterWithdrawn
  /// A withdrawal or correction does not say which application it is about, or by what right.
  case firstMissingFields
  /// A withdrawal or correction does not know the claim code of the application it names, or
  /// names something else than an application.
  case claimMismatch

  /// Whether the applicant can help herself by filing again.
  public var correctable: Bool { [.matterWithdrawn, .claimMismatch].contains(self) }

  /// Whether id and number belong to the envelope although it was refused.
  var keepsItsNumber: Bool {
    [.matterWithdrawn, .firstMissingFields, .claimMismatch].contains(self)
  }

  /// Whether the envelope came from the terminal to which its number was given. The others
  /// anybody can send: the public must read nothing from them.
  var isOfTheNumbersTerminal: Bool {
    switch self {
    case .unknownTerminal, .badSignature, .foreignNumber, .foreignTerminal, .idTaken: false
    case .unreadable, .numberTaken, .matterWithdrawn, .firstMissingFields, .claimMismatch: true
    }
  }

  /// Whether anybody can make as many of them as he likes, without any terminal's key.
  var isUnsigned: Bool { [.unknownTerminal, .badSignature].contains(self) }

  /// How much a refusal says of its envelope. The same bytes brought again by somebody else
  /// do not take away what was known of them.
  var weight: Int { keepsItsNumber ? 2 : isOfTheNumbersTerminal ? 1 : 0 }
}

/// A refused envelope: a debt to a person.
public struct RefusalTask: Hashable, Sendable {
  public var row: Int64
  public var id: EnvelopeID
  public var number: CaseNumber
  public var kind: EnvelopeKind
  /// As its header says; proved only where the reason is not about signatures.
  public var terminal: String
  public var reason: RefusalReason
  /// Who owes an answer.
  public var owner: String
  public var due: Timestamp
  public var receivedAt: Timestamp
  public var settledAt: Timestamp?
  /// What was done about it; there with `settledAt`.
  public var note: String?
}
