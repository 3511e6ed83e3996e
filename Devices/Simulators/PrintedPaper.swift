// SPDX-License-Identifier: Apache-2.0

/// A piece of paper that was cut off.
public struct PrintedPaper: Hashable, Sendable {
  /// Counts from 1 in the life of a printer.
  public var number: Int
  public var picture: DotPicture
  /// The commands that made it, as they were sent, the cut last. Status questions are
  /// not among them, so that the same slip gives the same bytes.
  public var bytes: [UInt8]
  public var cut: PaperCut
  /// Characters sent as text, which this printer cannot draw. A true driver sends none.
  public var undrawnCharacters: Int
  /// Bytes that are no command of this printer. A true driver sends none.
  public var unknownBytes: Int
}
