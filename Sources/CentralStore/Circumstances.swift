// SPDX-License-Identifier: Apache-2.0

import Records

/// What the store knows that bears on one arrival.
public struct Circumstances: Hashable, Sendable {
  /// The envelope to which this id belongs already.
  public struct Earlier: Hashable, Sendable {
    public var digest: [UInt8]
    public var refused: Bool

    public init(digest: [UInt8], refused: Bool) {
      self.digest = digest
      self.refused = refused
    }
  }

  /// The application that a withdrawal or correction is about.
  public enum First: Hashable, Sendable {
    /// Not here yet, or only something under its number that is not its terminal's.
    case missing
    /// - claimHash: nil when it has none, or is no application: then nobody can follow it.
    case known(claimHash: String?, state: CaseRecord.State, terminal: String)

    /// Why what `routing` says may not follow it; nil while that is not known or all is well.
    /// A withdrawal of a refused application is well: she takes back what she asked for. So
    /// is a second withdrawal, and a correction of what was withdrawn: each is kept as said.
    public func objection(to routing: Routing) -> RefusalReason? {
      guard routing.first != nil, let hash = routing.firstClaimHash else { return .firstMissingFields }
      guard case .known(let expected, _, _) = self else { return nil }
      return expected.map { Digests.agree($0, hash) } == true ? nil : .claimMismatch
    }
  }

  public var earlier: Earlier?
  /// Nil for kinds that name no application, and where `routing` names none or is sealed.
  public var first: First?
  /// Area and allotment of the number were given to the terminal.
  public var numberIsTheTerminals: Bool
  /// Another filing bears the number. Asked for filings only.
  public var numberIsTaken: Bool
  public var matterIsWithdrawn: Bool
  /// Those it must follow that have not arrived.
  public var missing: [EnvelopeID]

  public init(
    earlier: Earlier?, first: First? = nil, numberIsTheTerminals: Bool, numberIsTaken: Bool,
    matterIsWithdrawn: Bool, missing: [EnvelopeID]
  ) {
    self.earlier = earlier
    self.first = first
    self.numberIsTheTerminals = numberIsTheTerminals
    self.numberIsTaken = numberIsTaken
    self.matterIsWithdrawn = matterIsWithdrawn
    self.missing = missing
  }
}

public enum Decision: Hashable, Sendable {
  /// Kept; held back while any of `awaiting`, or the application it is about, is not there.
  case store(awaiting: [EnvelopeID])
  case already
  /// Kept as a debt to a person.
  case refuse(RefusalReason)
}
