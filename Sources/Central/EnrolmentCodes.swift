// SPDX-License-Identifier: Apache-2.0

import Records
import Wire

/// A one-time code for one terminal: sixteen characters of Crockford's base 32, printed
/// 4-4-4-4, ten bytes of chance.
public struct EnrolmentCode: Hashable, Sendable {
  public let text: String

  public init(chance: [UInt8]) {
    precondition(chance.count == 10, "an enrolment code takes ten bytes of chance")
    text =
      ClaimCode(chance: Array(chance.prefix(5))).text
      + ClaimCode(chance: Array(chance.suffix(5))).text
  }

  /// Reads a code as a person gives it; nil when it is none.
  public init?(_ given: String) {
    let plain = given.filter { $0 != "-" && $0 != " " }
    guard plain.count == 16, let front = ClaimCode(plain.prefix(8)),
      let back = ClaimCode(plain.suffix(8))
    else { return nil }
    text = front.text + back.text
  }

  /// What is kept in place of the code.
  public var hash: String { Fingerprint.text(Array(text.utf8)) }

  public var grouped: String {
    stride(from: 0, to: 16, by: 4).map { String(text.dropFirst($0).prefix(4)) }
      .joined(separator: "-")
  }
}

/// What a one-time code is good for.
public struct EnrolmentPromise: Hashable, Sendable, Codable {
  public static let lifetimeSeconds: Int64 = 24 * 3600

  public var terminal: String
  /// Six digits.
  public var area: String
  public var validUntil: Timestamp

  public init(terminal: String, area: String, validUntil: Timestamp) {
    self.terminal = terminal
    self.area = area
    self.validUntil = validUntil
  }
}

/// Codes that were handed out and not yet spent.
public protocol EnrolmentCodes: Sendable {
  func promise(of codeHash: String) async -> EnrolmentPromise?
  /// The code is used up; the store remembers who has it.
  func forget(_ codeHash: String) async
}
