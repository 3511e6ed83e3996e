// SPDX-License-Identifier: Apache-2.0

/// Why a document was not taken, and where.
public struct JSONFault: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// Not JSON: a missing comma, a control character in a string, bytes after the end.
    case syntax
    case unknownKey
    case doubledKey
    case missingKey
    case wrongType
    case tooDeep
    /// More bytes than allowed, or a number of more than 400 characters.
    case tooLarge
    case invalidUTF8
    /// Well formed, but the type refuses it; says why.
    case invalidValue(String)
  }

  /// `matters[3].form[0].type`; empty for the document itself. With an unknown, doubled or
  /// missing key the key is part of it.
  public let place: String
  /// From 1.
  public let line: Int
  /// In characters (Unicode scalars), from 1.
  public let column: Int
  public let reason: Reason

  public init(place: String, line: Int, column: Int, reason: Reason) {
    self.place = place
    self.line = line
    self.column = column
    self.reason = reason
  }

  /// `line 3, column 7, at matters[3].colour: this key is not known here`
  public var description: String {
    let at = place.isEmpty ? "" : ", at \(place)"
    return "line \(line), column \(column)\(at): \(reason)"
  }

  init(_ misfit: Misfit, in bytes: [UInt8]) {
    var line = 1
    var column = 1
    for byte in bytes.prefix(misfit.offset) {
      if byte == 10 {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.init(
      place: PlaceStep.text(misfit.path), line: line, column: column, reason: misfit.reason)
  }
}

extension JSONFault.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .syntax: "this is not well-formed JSON"
    case .unknownKey: "this key is not known here"
    case .doubledKey: "this key is here twice"
    case .missingKey: "this key is missing"
    case .wrongType: "this value is of another type than expected"
    case .tooDeep: "arrays and objects are nested too deeply"
    case .tooLarge: "this is longer than allowed"
    case .invalidUTF8: "this text is not valid UTF-8"
    case .invalidValue(let why): why
    }
  }
}

/// A fault before its line and column are counted, which costs a walk over the bytes and
/// would be wasted on types that try one form after another.
struct Misfit: Error {
  var path: [PlaceStep]
  var offset: Int
  var reason: JSONFault.Reason
}

/// One step from the document down to a value.
enum PlaceStep {
  case key(String)
  case index(Int)

  static func text(_ steps: [PlaceStep]) -> String {
    var text = ""
    for step in steps {
      switch step {
      case .index(let index): text += "[\(index)]"
      case .key(let key) where !isPlain(key): text += "[\"\(key)\"]"
      case .key(let key): text += text.isEmpty ? key : ".\(key)"
      }
    }
    return text
  }

  private static func isPlain(_ key: String) -> Bool {
    !key.isEmpty
      && key.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D: true
        default: byte >= 0x80
        }
      }
  }
}
