// SPDX-License-Identifier: Apache-2.0

/// How much room unsigned envelopes may take. Anybody who reaches the centre can make them;
/// yet one of them may be a person's application whose bytes were hurt on the way.
///
/// Each sender (and all together) has a count and a size. Where the room is used up, first
/// those go that a clerk has settled, then those that can be no application (other kinds;
/// numbers never given to the terminal they name; numbers under which something is stored),
/// oldest first; these only make room for one that could be an application. What finds no
/// room is dropped, and counted. The same bytes are one row. A dropped envelope is not lost:
/// the terminal that got the word `refused` keeps it.
public struct UnsignedBound: Hashable, Sendable {
  public var countEach: Int
  public var bytesEach: Int
  public var countInAll: Int
  public var bytesInAll: Int

  public init(
    countEach: Int = 1000, bytesEach: Int = 16 << 20, countInAll: Int = 20_000,
    bytesInAll: Int = 256 << 20
  ) {
    self.countEach = countEach
    self.bytesEach = bytesEach
    self.countInAll = countInAll
    self.bytesInAll = bytesInAll
  }
}
