// SPDX-License-Identifier: Apache-2.0

import CCUPS

/// An IPP request or answer (RFC 8011).
final class IppMessage {
  let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { self.pointer = pointer }

  deinit { ippDelete(pointer) }

  var status: Int { Int(ippGetStatusCode(pointer).rawValue) }

  func add(_ group: ipp_tag_t, _ kind: ipp_tag_t, _ name: String, _ text: String) {
    ippAddString(pointer, group, kind, name, nil, text)
  }

  func add(_ group: ipp_tag_t, _ kind: ipp_tag_t, _ name: String, _ number: Int) {
    ippAddInteger(pointer, group, kind, name, Int32(clamping: number))
  }

  func add(_ group: ipp_tag_t, _ name: String, _ flag: Bool) {
    ippAddBoolean(pointer, group, name, flag ? 1 : 0)
  }

  /// The values of every attribute of this name, in whatever group.
  func numbers(_ name: String) -> [Int] {
    var numbers: [Int] = []
    var attribute = ippFirstAttribute(pointer)
    while let found = attribute {
      if let label = ippGetName(found), String(cString: label) == name {
        numbers.append(Int(ippGetInteger(found, 0)))
      }
      attribute = ippNextAttribute(pointer)
    }
    return numbers
  }
}
