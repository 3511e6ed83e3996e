// SPDX-License-Identifier: Apache-2.0

import Records

/// Writes a header in canonical form by hand: what `Canonical.encode` would give, without
/// the general encoder, which takes longer than the sealing itself (measured).
enum HeaderText {
  /// - Parameter parts: the sealed parts; nil for what the seals are bound to.
  static func bytes(
    of frame: HeaderFrame,
    parts: (routing: EnvelopeHeader.SealedPart, content: EnvelopeHeader.SealedPart?)?
  ) -> [UInt8] {
    var text = "{\"after\":["
    text += frame.after.map { "\"\($0)\"" }.joined(separator: ",")
    text += "]"
    if let parts { text += ",\"content\":" + (parts.content.map(part) ?? "null") }
    text += ",\"day\":\(quoted(frame.day)),\"format\":\(frame.format),\"id\":\"\(frame.id)\""
    text += ",\"keys\":{\"content\":\(quoted(frame.keys.content))"
    text += ",\"routing\":\(quoted(frame.keys.routing))}"
    text += ",\"kind\":\"\(frame.kind.rawValue)\",\"number\":\"\(frame.number)\""
    if let parts { text += ",\"routing\":" + part(parts.routing) }
    text += ",\"suite\":\(quoted(frame.suite)),\"terminal\":\(quoted(frame.terminal))}"
    return Array(text.utf8)
  }

  private static func part(_ part: EnvelopeHeader.SealedPart) -> String {
    "{\"sha256\":\(quoted(part.sha256)),\"size\":\(part.size)}"
  }

  /// Names and digests need no escapes; what somebody else sent may.
  private static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (32...126).contains($0) && $0 != 34 && $0 != 92 }
    return isPlain ? "\"\(text)\"" : String(decoding: Canonical.encode(text), as: UTF8.self)
  }
}
