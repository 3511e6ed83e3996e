// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Bytes that JSON carries as base 64 (RFC 4648, section 4, with padding). Only the one
/// form that encoding gives is read.
public struct Base64: Hashable, Sendable, Codable {
  public var bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Nil unless `text` is exactly the base 64 of some bytes.
  public init?(text: String) {
    guard let data = Data(base64Encoded: text), data.base64EncodedString() == text else {
      return nil
    }
    bytes = [UInt8](data)
  }

  public var text: String { Data(bytes).base64EncodedString() }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = Base64(text: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base 64")
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
