// SPDX-License-Identifier: Apache-2.0

import Records

/// What the pages are made of, read from their folder by the executable.
public struct Pages: Sendable {
  public struct Asset: Sendable {
    public var bytes: [UInt8]
    public var mediaType: String

    public init(bytes: [UInt8], mediaType: String) {
      self.bytes = bytes
      self.mediaType = mediaType
    }
  }

  /// Page behind the QR code of a slip.
  public var progress: String
  /// The same place, for a number that is none.
  public var illFormed: String
  /// The clerks' desk, which the back office serves.
  public var clerk: String
  /// By file name.
  public var assets: [String: Asset]

  public init(progress: String, illFormed: String, clerk: String, assets: [String: Asset]) {
    self.progress = progress
    self.illFormed = illFormed
    self.clerk = clerk
    self.assets = assets
  }
}

/// HTML with places: `{{zh key}}` and `{{en key}}` are sentences, `{{name}}` is a value.
/// What is filled in is escaped.
enum Template {
  static func fill(_ template: String, words: Words, values: [String: String] = [:]) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
      result += rest[..<open.lowerBound]
      result += escaped(value(of: rest[open.upperBound..<close.lowerBound], words, values))
      rest = rest[close.upperBound...]
    }
    return result + rest
  }

  private static func value(
    of place: Substring, _ words: Words, _ values: [String: String]
  ) -> String {
    let parts = place.split(separator: " ")
    guard parts.count == 2, let language = Language(rawValue: String(parts[0])) else {
      return values[String(place)] ?? "⟦\(place)⟧"
    }
    return words(String(parts[1]), language)
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
  }
}
