// SPDX-License-Identifier: Apache-2.0

import CPango

/// Sets text with Pango. Every option that a fontconfig file could change is given here,
/// so that the same slip is the same dots wherever the same fonts are installed.
final class Typesetter {
  /// A font map of our own: the default one belongs to a thread, and the first use of a
  /// map costs 40 ms and 20 MB (measured).
  private let map: UnsafeMutablePointer<PangoFontMap>?

  init() { map = pango_cairo_font_map_new() }

  deinit { g_object_unref(map) }

  /// `text` in one line, or in lines of at most `width` dots.
  func set(_ text: String, _ face: Typeface, width: Int? = nil) -> SetText {
    let layout = self.layout(text, face)
    if let width { wrap(text, face, layout, width) }
    return SetText(layout, face)
  }

  /// `text` about the middle of `width` dots, its lines as equal in length as can be.
  func centre(_ text: String, _ face: Typeface, width: Int) -> SetText {
    let layout = self.layout(text, face)
    pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER)
    wrap(text, face, layout, width)
    let balanced = balance(layout, width)
    return SetText(layout, face, inset: (width - balanced) / 2)
  }

  /// The largest size from `face` down to two thirds of it at which `text` stays in one
  /// line of `width` dots; the smallest when it never does.
  func fitted(_ text: String, _ face: Typeface, width: Int) -> Typeface {
    var size = face.size
    while size > face.size * 2 / 3, size > 24 {
      if set(text, face.sized(size)).width <= width { break }
      size -= 2
    }
    return face.sized(size)
  }

  private func wrap(_ text: String, _ face: Typeface, _ layout: OpaquePointer?, _ width: Int) {
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    keepTogether(text, face, layout, within: width)
    pango_layout_set_width(layout, Int32(width) * PANGO_SCALE)
  }

  /// Narrows a layout of several lines as far as their number stays; gives the width.
  private func balance(_ layout: OpaquePointer?, _ width: Int) -> Int {
    let lines = pango_layout_get_line_count(layout)
    guard lines > 1 else { return width }
    var tooNarrow = width / Int(lines) / 2
    var enough = width
    while enough - tooNarrow > 4 {
      let middle = (tooNarrow + enough) / 2
      pango_layout_set_width(layout, Int32(middle) * PANGO_SCALE)
      let fits = pango_layout_get_line_count(layout) <= lines && Self.widest(layout) <= middle
      if fits { enough = middle } else { tooNarrow = middle }
    }
    pango_layout_set_width(layout, Int32(enough) * PANGO_SCALE)
    return enough
  }

  /// A unit that may not be broken can be wider than the layout.
  private static func widest(_ layout: OpaquePointer?) -> Int {
    var logical = PangoRectangle()
    pango_layout_get_pixel_extents(layout, nil, &logical)
    return Int(logical.width)
  }

  private func layout(_ text: String, _ face: Typeface) -> OpaquePointer? {
    let context = pango_font_map_create_context(map)
    defer { g_object_unref(context.map { UnsafeMutableRawPointer($0) }) }
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    pango_cairo_context_set_font_options(context, options)
    cairo_font_options_destroy(options)
    pango_cairo_context_set_resolution(context, 72)
    pango_context_set_round_glyph_positions(context, 1)
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR)
    let western = !text.unicodeScalars.contains { $0.value >= 0x2E80 }
    pango_context_set_language(context, pango_language_from_string(western ? "en" : "zh-cn"))

    let layout = pango_layout_new(context)
    let font = pango_font_description_new()
    pango_font_description_set_family(font, face.family.rawValue)
    pango_font_description_set_weight(font, face.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_font_description_set_absolute_size(font, Double(Int32(face.size) * PANGO_SCALE))
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)
    let line = Double(face.size) * SetText.naturalHeight
    pango_layout_set_line_spacing(layout, Float(face.lineHeight * Double(face.size) / line))
    pango_layout_set_text(layout, text, Int32(text.utf8.count))
    let attributes = Self.attributes(text, face, western: western)
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)
    return layout
  }

  /// Quotation marks of a western sentence are set narrow: in this family they are as wide
  /// as a Chinese character otherwise. In a Chinese one, a mark that closes before another
  /// mark gives up its empty half.
  private static func attributes(
    _ text: String, _ face: Typeface, western: Bool
  ) -> OpaquePointer? {
    let list = pango_attr_list_new()
    if face.spacing > 0 {
      let units = Int32(face.spacing * Double(face.size)) * PANGO_SCALE
      pango_attr_list_insert(list, pango_attr_letter_spacing_new(units))
    }
    guard face.family == .sans else { return list }
    if western { pango_attr_list_insert(list, pango_attr_font_features_new("pwid=1")) }
    for range in meetingMarks(text) {
      insert(pango_attr_font_features_new("halt=1"), over: range, of: text, into: list)
    }
    return list
  }
}
