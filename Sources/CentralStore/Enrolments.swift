// SPDX-License-Identifier: Apache-2.0

import Records

/// A terminal that showed its one-time code.
public struct Enrolment: Hashable, Sendable {
  public var terminal: String
  public var area: String
  public var publicKey: [UInt8]
  /// Hexadecimal SHA-256.
  public var codeHash: String
  public var time: Timestamp

  public init(
    terminal: String, area: String, publicKey: [UInt8], codeHash: String, time: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.publicKey = publicKey
    self.codeHash = codeHash
    self.time = time
  }
}

/// A known terminal.
public struct Enrolled: Hashable, Sendable {
  public var terminal: String
  public var area: String
  public var publicKey: [UInt8]
  /// The first is for the ledger that is there; the two behind it are spares for later ones.
  public var allotments: [Allotment]
  public var time: Timestamp

  public init(
    terminal: String, area: String, publicKey: [UInt8], allotments: [Allotment], time: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.publicKey = publicKey
    self.allotments = allotments
    self.time = time
  }
}
