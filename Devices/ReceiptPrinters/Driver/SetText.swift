// SPDX-License-Identifier: Apache-2.0

import CPango

/// A paragraph that has been set: its size is known, and it can be drawn.
final class SetText {
  /// Height of a line in em by the font's own measure (Noto Sans CJK: 1.16 + 0.288).
  static let naturalHeight = 1.448

  private let layout: OpaquePointer?
  /// What half of a line's leading differs from the font's own: lines are to be spaced
  /// about their middle, Pango spaces them below.
  private let lift: Double
  /// Dots that the text stands in from the left of where it is drawn.
  private let inset: Int
  /// Dots, as far as the ink and the spaces reach.
  let width: Int
  let height: Int
  /// From the top to the first line's baseline.
  let baseline: Int

  init(_ layout: OpaquePointer?, _ face: Typeface, inset: Int = 0) {
    self.layout = layout
    self.inset = inset
    let size = Double(face.size)
    let line = face.lineHeight * size
    lift = (line - Self.naturalHeight * size) / 2
    var logical = PangoRectangle()
    pango_layout_get_pixel_extents(layout, nil, &logical)
    width = Int(logical.width)
    let lines = Int(pango_layout_get_line_count(layout))
    height = max(Int((Double(lines) * line).rounded()), Int(logical.height) + Int(2 * lift))
    baseline = Int(
      (Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE) + lift).rounded())
  }

  deinit { g_object_unref(layout.map { UnsafeMutableRawPointer($0) }) }

  /// Characters that no installed font has; each is drawn as a box with its code point.
  var unknownCharacters: Int { Int(pango_layout_get_unknown_glyphs_count(layout)) }

  var lineCount: Int { Int(pango_layout_get_line_count(layout)) }

  func draw(_ cairo: OpaquePointer?, x: Int, y: Int) {
    cairo_move_to(cairo, Double(x + inset), (Double(y) + lift).rounded())
    pango_cairo_show_layout(cairo, layout)
  }
}
