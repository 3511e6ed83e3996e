// SPDX-License-Identifier: Apache-2.0

import Records

/// Writes a header in canonical form.
enum HeaderText {
  /// - Parameter parts: the sealed parts; nil for what the seals are bound to.
  static func bytes(
    of frame: HeaderFrame,
    parts: (routing: EnvelopeHeader.SealedPart, content: EnvelopeHeader.SealedPart?)?
  ) -> [UInt8] {
    var json = CanonicalWriter()
    json.object { json in
      json.key("after")
      json.array(frame.after) { $0.text($1.description) }
      if let parts { write(parts.content, as: "content", to: &json) }
      json.member("day", frame.day)
      json.member("format", frame.format)
      json.member("id", frame.id.description)
      json.key("keys")
      json.object { json in
        json.member("content", frame.keys.content)
        json.member("routing", frame.keys.routing)
      }
      json.member("kind", frame.kind.rawValue)
      json.member("number", frame.number.description)
      if let parts { write(parts.routing, as: "routing", to: &json) }
      json.member("suite", frame.suite)
      json.member("terminal", frame.terminal)
    }
    return json.bytes
  }

  private static func write(
    _ part: EnvelopeHeader.SealedPart?, as name: StaticString, to json: inout CanonicalWriter
  ) {
    json.key(name)
    guard let part else { return json.null() }
    json.object { json in
      json.member("sha256", part.sha256)
      json.member("size", part.size)
    }
  }
}
