// SPDX-License-Identifier: Apache-2.0

import Records

/// The published catalogues, as signed documents, and the names in the newest one.
public struct Catalogues: Hashable, Sendable {
  /// Version of the newest; 0 when none was published: then terminals have their installed
  /// file.
  public var newest: Int
  /// The newest as a whole.
  public var whole: [UInt8]
  /// By the version that they start from.
  public var differences: [Int: [UInt8]]
  /// Names of the matters, by id.
  public var matters: [String: Words.Sentence]

  public init(
    newest: Int = 0, whole: [UInt8] = [], differences: [Int: [UInt8]] = [:],
    matters: [String: Words.Sentence]
  ) {
    self.newest = newest
    self.whole = whole
    self.differences = differences
    self.matters = matters
  }

  /// What a terminal with version `after` in force needs next; nil: nothing. One that is
  /// ahead (of a centre restored from an old copy) keeps what it has.
  func document(after version: Int) -> [UInt8]? {
    version >= newest ? nil : differences[version] ?? whole
  }
}
