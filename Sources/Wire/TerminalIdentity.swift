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
  /// URL of the centre.
  public var centre: String
  public var routingKey: SealingKey
  public var contentKey: SealingKey
  public var root: RootDocument
  public var enrolledAt: Timestamp

  public init(
    terminal: String, area: String, allotment: Allotment, centre: String,
    routingKey: SealingKey, contentKey: SealingKey, root: RootDocument, enrolledAt: Timestamp
  ) {
    self.terminal = terminal
    self.area = area
    self.allotment = allotment
    self.centre = centre
    self.routingKey = routingKey
    self.contentKey = contentKey
    self.root = root
    self.enrolledAt = enrolledAt
  }

  /// Reads `identity.json`.
  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> TerminalIdentity {
    try StrictJSON.wire(TerminalIdentity.self, from: bytes)
  }
}
