// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A terminal's first words to the centre.
public struct EnrolmentRequest: Hashable, Sendable, Codable {
  /// The one-time code that `centrald enrolment new` printed.
  public var code: String
  /// The terminal's Ed25519 key.
  public var publicKey: Base64

  public init(code: String, publicKey: [UInt8]) {
    self.code = code
    self.publicKey = Base64(publicKey)
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> EnrolmentRequest {
    try StrictJSON.wire(EnrolmentRequest.self, from: bytes)
  }
}

public struct EnrolmentReply: Hashable, Sendable, Codable {
  public var identity: TerminalIdentity

  public init(identity: TerminalIdentity) { self.identity = identity }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> EnrolmentReply {
    try StrictJSON.wire(EnrolmentReply.self, from: bytes)
  }
}
