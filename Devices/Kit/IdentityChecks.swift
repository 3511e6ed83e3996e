// SPDX-License-Identifier: Apache-2.0

/// What came of asking whether a person, or an organisation's agent, is who the card says.
public enum IdentityOutcome: String, Hashable, Sendable {
  case confirmed
  /// It is somebody else, or the licence does not hold.
  case refused
  /// Nobody was seen, or nobody answered in time.
  case noAnswer
  /// Not fitted, or it failed: nothing is said of the person.
  case unavailable
}

/// Compares whoever stands before the terminal with the picture on the card that was read last.
///
/// Asked only after the person's separate consent (个人信息保护法 arts. 26 and 29). The part that
/// is fitted gets the card's picture from the reader, itself and in memory, when it is made: no
/// picture passes through this seam, none is written anywhere, and both are dropped before
/// `compare` returns, also when its task is cancelled.
public protocol FaceCheck: Sendable {
  /// Fitted and ready: it may be offered now.
  var isOffered: Bool { get }
  /// Looks and compares until it knows or its task is cancelled. Never throws: what went wrong
  /// is the outcome.
  func compare() async -> IdentityOutcome
}

/// Asks for an organisation's electronic licence (电子营业执照), shown as a code on its agent's phone.
public protocol LicenceCheck: Sendable {
  /// Fitted and ready: it may be offered now.
  var isOffered: Bool { get }
  /// Waits for the licence until it knows or its task is cancelled. Never throws: what went
  /// wrong is the outcome.
  func confirm() async -> IdentityOutcome
}

/// Not fitted.
public struct NoFaceCheck: FaceCheck {
  public init() {}
  public var isOffered: Bool { false }
  public func compare() async -> IdentityOutcome { .unavailable }
}

/// Not fitted.
public struct NoLicenceCheck: LicenceCheck {
  public init() {}
  public var isOffered: Bool { false }
  public func confirm() async -> IdentityOutcome { .unavailable }
}
