// SPDX-License-Identifier: Apache-2.0

/// One ESC/POS command, taken out of the stream.
enum PrinterCommand: Hashable, Sendable {
  case initialise
  case lineFeed
  case feedDots(Int)
  case feedLines(Int)
  /// ESC 3 n and ESC 2.
  case lineSpacing(Int)
  /// The head of GS v 0; its rows follow as commands of their own.
  case raster
  case row(RasterRow)
  case cut(PaperCut, feed: Int)
  /// GS r n: answered in order, after everything before it has been printed.
  case orderedStatus(UInt8)
  /// DLE EOT n: answered at once, even while the printer rests.
  case realTimeStatus(UInt8)
  /// DLE ENQ n: 1 goes on, 2 clears the memory first.
  case realTimeRecover(clears: Bool)
  /// A byte of text. The simulator has no fonts; it counts them.
  case text
  /// Known, and without an effect on what is drawn here.
  case setting
  /// Not a command this printer knows. A driver should send none.
  case unknown

  var isRealTime: Bool {
    switch self {
    case .realTimeStatus, .realTimeRecover: true
    default: false
    }
  }
}

/// One row of a raster picture, a bit a dot, the leftmost in the high bit.
struct RasterRow: Hashable, Sendable {
  var bits: [UInt8]
  var doubleWidth: Bool
  var doubleHeight: Bool
}

/// How the knife went.
public enum PaperCut: String, Hashable, Sendable {
  case full
  case partial
}
