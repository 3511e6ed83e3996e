// SPDX-License-Identifier: Apache-2.0

import CPango

extension Typesetter {
  /// Forbids line breaks inside what is read as one: a telephone number, a date with its
  /// time, a short remark in brackets. What would not fit in a line stays breakable.
  func keepTogether(
    _ text: String, _ face: Typeface, _ layout: OpaquePointer?, within width: Int
  ) {
    let list = pango_layout_get_attributes(layout)
    for range in Self.units(text) where set(String(text[range]), face).width <= width {
      Self.insert(pango_attr_allow_breaks_new(0), over: range, of: text, into: list)
    }
    pango_layout_context_changed(layout)
  }

  static func insert(
    _ attribute: UnsafeMutablePointer<PangoAttribute>?, over range: Range<String.Index>,
    of text: String, into list: OpaquePointer?
  ) {
    guard let attribute else { return }
    attribute.pointee.start_index = UInt32(text[..<range.lowerBound].utf8.count)
    attribute.pointee.end_index = UInt32(text[..<range.upperBound].utf8.count)
    pango_attr_list_insert(list, attribute)
  }

  private static let closingMarks = Set("”’）》」】、，。；：".unicodeScalars)
  private static let marks = closingMarks.union("！？".unicodeScalars)

  /// Closing marks right before another closing or pausing mark.
  static func meetingMarks(_ text: String) -> [Range<String.Index>] {
    let scalars = text.unicodeScalars
    return zip(scalars.indices, scalars.indices.dropFirst()).compactMap { index, next in
      closingMarks.contains(scalars[index]) && marks.contains(scalars[next]) ? index..<next : nil
    }
  }

  /// Brackets with at most sixteen characters, and runs of at least seven digits, spaces,
  /// hyphens and colons that begin and end with a digit.
  static func units(_ text: String) -> [Range<String.Index>] {
    (bracketed(text) + numeric(text)).sorted { $0.lowerBound < $1.lowerBound }
  }

  private static func bracketed(_ text: String) -> [Range<String.Index>] {
    var units: [Range<String.Index>] = []
    var open: String.Index?
    for index in text.indices {
      if "（(".contains(text[index]) { open = index }
      if "）)".contains(text[index]), let start = open {
        let end = text.index(after: index)
        if text.distance(from: start, to: end) <= 18 { units.append(start..<end) }
        open = nil
      }
    }
    return units
  }

  private static func numeric(_ text: String) -> [Range<String.Index>] {
    var units: [Range<String.Index>] = []
    var start: String.Index?
    var end = text.startIndex
    for index in text.indices {
      let character = text[index]
      if character >= "0", character <= "9" {
        start = start ?? index
        end = text.index(after: index)
      } else if !" -:".contains(character) {
        if let start, text.distance(from: start, to: end) >= 7 { units.append(start..<end) }
        start = nil
      }
    }
    if let start, text.distance(from: start, to: end) >= 7 { units.append(start..<end) }
    return units
  }
}
