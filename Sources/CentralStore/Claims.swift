// SPDX-License-Identifier: Apache-2.0

import Records

/// How many wrong claim codes are borne in a stretch of time.
public struct ClaimLimit: Hashable, Sendable {
  public var attempts: Int
  public var seconds: Int64

  public init(attempts: Int, seconds: Int64) {
    self.attempts = attempts
    self.seconds = seconds
  }
}

/// For one number, whoever asks; and for one address, whatever the number.
public struct ClaimLimits: Hashable, Sendable {
  public var perNumber: ClaimLimit
  public var perAddress: ClaimLimit

  public init(perNumber: ClaimLimit, perAddress: ClaimLimit) {
    self.perNumber = perNumber
    self.perAddress = perAddress
  }
}

public enum ClaimOutcome: Hashable, Sendable {
  case right(CaseRecord)
  case wrong
  /// Too many wrong ones; a right one is not looked at before this moment either.
  case resting(until: Timestamp)
  /// No filing with a claim code is here under this number.
  case nothingToClaim
}
