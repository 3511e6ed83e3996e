// SPDX-License-Identifier: Apache-2.0

/// One size and weight of type.
struct Typeface {
  enum Family: String {
    case sans = "Noto Sans CJK SC"
    case mono = "Noto Sans Mono CJK SC"
  }

  var family: Family
  /// Dots of the em square.
  var size: Int
  var bold: Bool
  /// Distance of baselines, in em.
  var lineHeight: Double
  /// Extra space between characters, in em.
  var spacing: Double

  init(
    _ family: Family, _ size: Int, bold: Bool = false, lineHeight: Double, spacing: Double = 0
  ) {
    self.family = family
    self.size = size
    self.bold = bold
    self.lineHeight = lineHeight
    self.spacing = spacing
  }

  func sized(_ size: Int) -> Typeface {
    var copy = self
    copy.size = size
    return copy
  }
}
