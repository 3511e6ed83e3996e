// SPDX-License-Identifier: Apache-2.0

import Records

/// What a code that was held before the scanner is good for.
public enum HeldCode: Hashable, Sendable {
  /// The QR of a slip: asks where an application stands.
  case slip(CaseNumber, ClaimCode)
  /// A code on somebody's telephone that says who holds it, if its issuer says so too.
  case signed(SignedCode)
  /// Anything else. Its text is nobody's business.
  case unknown
}

/// A code that names its holder to whoever can ask its issuer, and to nobody else. As a text:
/// `NDID1:<issuer>:<seconds since 1970>:<id>:<signature>`, all in capitals so that a QR holds
/// it in its dense mode; id and signature in hexadecimal.
public struct SignedCode: Hashable, Sendable {
  /// 1…16 capital letters and digits.
  public let issuer: String
  public let issuedAt: Timestamp
  /// 16 bytes; each is good for one use.
  public let id: [UInt8]
  /// 64 bytes, Ed25519 (RFC 8032) over `signedBytes`.
  public let signature: [UInt8]

  public init(issuer: String, issuedAt: Timestamp, id: [UInt8], signature: [UInt8]) {
    self.issuer = issuer
    self.issuedAt = issuedAt
    self.id = id
    self.signature = signature
  }
}

/// Who holds a code, as its issuer says.
public struct CodeHolder: Hashable, Sendable {
  public var name: String
  public var idNumber: String

  public init(name: String, idNumber: String) {
    self.name = name
    self.idNumber = idNumber
  }
}

/// Why a code says nothing of its holder. Each leads to another sentence.
public enum CodeRefusal: Error, Hashable, Sendable {
  /// Nobody here knows that issuer.
  case unknownIssuer
  /// Not what its issuer signed.
  case forged
  /// Older than it may be: the telephone must show a new one.
  case expired
  /// From the future: one of the two clocks is wrong.
  case early
  /// Used before.
  case replayed
  /// Whoever could say is out of reach.
  case unreachable
}

/// Says who holds a code. Nothing is stored here.
public protocol CodeVerifier: Sendable {
  /// Knows any issuer: codes may be asked for.
  var isOffered: Bool { get }
  /// Ends soon, and at once when its task is cancelled.
  func holder(of code: SignedCode) async throws(CodeRefusal) -> CodeHolder
}

/// No issuer is known.
public struct NoCodeVerifier: CodeVerifier {
  public init() {}
  public var isOffered: Bool { false }
  public func holder(of code: SignedCode) async throws(CodeRefusal) -> CodeHolder {
    throw .unknownIssuer
  }
}
