// SPDX-License-Identifier: Apache-2.0

import Records

/// What a person carries from the centre to a terminal that is to be enrolled: a one-time
/// code, and the mark by which the terminal knows the centre's certificate authority before
/// it believes anything. 32 characters of Crockford's base 32, printed in eight groups.
public struct EnrolmentTicket: Hashable, Sendable {
  /// Sixteen characters, spent once.
  public let code: String
  /// Sixteen characters: the first 80 bits of the SHA-256 of the authority's DER.
  public let mark: String

  /// - Parameter authority: DER.
  public init(code: String, authority: [UInt8]) {
    self.code = code
    mark = Self.mark(of: authority)
  }

  /// Reads a ticket as a person gives it; nil when it is none.
  public init?(_ given: String) {
    let plain = given.filter { $0 != "-" && !$0.isWhitespace }
    guard plain.count == 32 else { return nil }
    let parts = stride(from: 0, to: 32, by: 8).compactMap { start in
      ClaimCode(String(plain.dropFirst(start).prefix(8)))?.text
    }
    guard parts.count == 4 else { return nil }
    code = parts[0] + parts[1]
    mark = parts[2] + parts[3]
  }

  public static func mark(of authority: [UInt8]) -> String {
    let digest = Fingerprint.bytes(authority)
    return ClaimCode(chance: Array(digest[0..<5])).text + ClaimCode(chance: Array(digest[5..<10])).text
  }

  public var grouped: String {
    let text = code + mark
    return stride(from: 0, to: 32, by: 4).map { String(text.dropFirst($0).prefix(4)) }
      .joined(separator: "-")
  }
}
