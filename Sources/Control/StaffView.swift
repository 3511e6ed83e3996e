// SPDX-License-Identifier: Apache-2.0

import Records

/// All that the staff page shows, in one answer.
public struct StaffView: Hashable, Sendable, Codable {
  /// The terminal's time now: the page counts from it and not from its own clock.
  public var at: Timestamp
  public var site: Words.Sentence
  public var terminal: Words.Sentence
  public var devices: [DeviceLine]
  /// What is no device but stands on the same board: centre, ledger, clock.
  public var parts: [DeviceLine]
  /// Nil while the ledger cannot be read.
  public var counts: LedgerCounts?
  /// As far as the printer has said: `enough`, `low`, `out`; nil while it has said nothing.
  public var paper: String?

  public init(
    at: Timestamp, site: Words.Sentence, terminal: Words.Sentence, devices: [DeviceLine],
    parts: [DeviceLine], counts: LedgerCounts?, paper: String?
  ) {
    self.at = at
    self.site = site
    self.terminal = terminal
    self.devices = devices
    self.parts = parts
    self.counts = counts
    self.paper = paper
  }
}
