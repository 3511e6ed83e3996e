// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// One envelope of a batch, looked at as far as that goes without the store.
public struct Arrival: Hashable, Sendable {
  /// What the keys say of it.
  public enum Standing: Hashable, Sendable {
    /// Signed by a terminal we know, opened with the front key.
    case sound(Routing)
    case unknownTerminal
    case badSignature
    /// Well signed, but sealed to a key that is not here.
    case unreadable
  }

  public var envelope: Envelope
  public var header: EnvelopeHeader
  public var standing: Standing

  public init(envelope: Envelope, header: EnvelopeHeader, standing: Standing) {
    self.envelope = envelope
    self.header = header
    self.standing = standing
  }

  /// Names the very bytes: the header pins the sealed parts, the signature stands beside it.
  public var digest: [UInt8] { Fingerprint.bytes(envelope.header + envelope.signature) }

  var routing: Routing? {
    if case .sound(let routing) = standing { routing } else { nil }
  }
}

/// What the store knows that bears on one arrival.
public struct Circumstances: Hashable, Sendable {
  /// The envelope to which this id belongs already.
  public struct First: Hashable, Sendable {
    public var digest: [UInt8]
    public var refused: Bool

    public init(digest: [UInt8], refused: Bool) {
      self.digest = digest
      self.refused = refused
    }
  }

  public var first: First?
  /// Area and allotment of the number were given to the terminal.
  public var numberIsTheTerminals: Bool
  /// Another application bears the number.
  public var numberIsTaken: Bool
  public var matterIsWithdrawn: Bool
  /// Those it must follow that have not arrived.
  public var missing: [EnvelopeID]

  public init(
    first: First?, numberIsTheTerminals: Bool, numberIsTaken: Bool, matterIsWithdrawn: Bool,
    missing: [EnvelopeID]
  ) {
    self.first = first
    self.numberIsTheTerminals = numberIsTheTerminals
    self.numberIsTaken = numberIsTaken
    self.matterIsWithdrawn = matterIsWithdrawn
    self.missing = missing
  }
}

public enum Decision: Hashable, Sendable {
  /// Kept; held back while any of `awaiting` is not there.
  case store(awaiting: [EnvelopeID])
  case already
  /// Kept as a debt to a person.
  case refuse(RefusalReason)
}

/// Why an envelope was not taken.
public enum RefusalReason: String, Hashable, Sendable, CaseIterable {
  case unknownTerminal, badSignature
  /// Well signed, but it does not open, or what is in it is nothing the store can hold.
  case unreadable
  /// Another envelope has this id.
  case idTaken
  /// Another application has this number.
  case numberTaken
  /// The number is not of this terminal's.
  case foreignNumber
  case matterWithdrawn

  /// Whether the applicant can help herself by filing again.
  public var correctable: Bool { self == .matterWithdrawn }

  /// Whether id and number belong to the envelope although it was refused.
  var keepsItsNumber: Bool { self == .matterWithdrawn }

  /// Whether the envelope came from the terminal to which its number was given. The others
  /// anybody can send: the public must read nothing from them.
  var isOfTheNumbersTerminal: Bool {
    switch self {
    case .unknownTerminal, .badSignature, .foreignNumber, .idTaken: false
    case .unreadable, .numberTaken, .matterWithdrawn: true
    }
  }
}
