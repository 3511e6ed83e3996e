// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// What a terminal learns at enrolment: who it is, where its numbers come from, whom it
/// seals to and whose settings it obeys.
public struct TerminalIdentity: Hashable, Sendable, Codable {
  public var terminal: String
  /// Six digits of the administrative division (GB/T 2260).
  public var area: String
  public var allotment: Allotment
  /// URL at which the centre speaks mutual TLS with its terminals.
  public var centre: String
  public var routingKey: SealingKey
  public var contentKey: SealingKey
  public var root: RootDocument
  /// The centre's certificate authorities, PEM: whom the terminal believes in TLS.
  public var authority: String
  /// Ed25519, 32 bytes: signs the centre's time.
  public var timeKey: Base64
  public var enrolledAt: Timestamp

  public init(
    terminal: String, area: String, allotment: Allotment, centre: String,
    routingKey: SealingKey, contentKey: SealingKey, root: RootDocument, authority: String,
    timeKey: [UInt8], enrolledAt: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.allotment = allotment
    self.centre = centre
    self.routingKey = routingKey
    self.contentKey = contentKey
    self.root = root
    self.authority = authority
    self.timeKey = Base64(timeKey)
    self.enrolledAt = enrolledAt
  }

  /// Reads `identity.json`.
  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> TerminalIdentity {
    try StrictJSON.wire(TerminalIdentity.self, from: bytes)
  }
}
