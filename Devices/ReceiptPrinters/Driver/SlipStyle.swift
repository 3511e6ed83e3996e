// SPDX-License-Identifier: Apache-2.0

/// Sizes in dots (8 a millimetre) of everything on a slip. Nothing is set smaller than
/// 24 dots, 3 mm.
struct SlipStyle {
  var width: Int
  var margin: Int
  var text: Typeface
  var bold: Typeface
  var small: Typeface
  var title: Typeface
  var number: Typeface
  var claim: Typeface
  var boxed: Typeface
  var dotsPerModule: Int
  var dotsPerLesserModule: Int

  var inner: Int { width - 2 * margin }
  var isNarrow: Bool { width < 480 }

  init(_ paper: PrinterModel.Paper) {
    width = paper.dots
    margin = paper.margin
    let narrow = paper.dots < 480
    let size = narrow ? 25 : 26
    text = Typeface(.sans, size, lineHeight: 1.42)
    bold = Typeface(.sans, size, bold: true, lineHeight: 1.42)
    small = Typeface(.sans, 24, lineHeight: 1.36)
    title = Typeface(.sans, narrow ? 36 : 46, bold: true, lineHeight: 1.3)
    number = Typeface(.mono, narrow ? 44 : 62, bold: true, lineHeight: 1.2)
    claim = Typeface(.mono, narrow ? 56 : 84, bold: true, lineHeight: 1.12, spacing: 0.05)
    boxed = Typeface(.sans, size + 4, bold: true, lineHeight: 1.42)
    dotsPerModule = narrow ? 6 : 7
    dotsPerLesserModule = narrow ? 4 : 5
  }
}
