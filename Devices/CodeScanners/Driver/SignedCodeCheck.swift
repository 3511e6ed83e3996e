// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Synchronization

/// Checks signed codes of known issuers: signature, age, once. Who holds the code, only the
/// issuer's register says, which is asked last.
public final class SignedCodeCheck: CodeVerifier {
  /// As long as a code may be shown: telephones draw a new one each minute.
  public static let mostSeconds: Int64 = 60
  /// Clocks of the issuer and here may differ by so much.
  public static let leastSeconds: Int64 = -5

  private let issuers: [String: [UInt8]]
  private let holds: @Sendable (_ signature: [UInt8], _ bytes: [UInt8], _ key: [UInt8]) -> Bool
  private let now: @Sendable () -> Timestamp
  private let register: @Sendable (SignedCode) async throws(CodeRefusal) -> CodeHolder
  /// Ids that were used, with the moment from which they are too old anyway.
  private let used = Mutex<[[UInt8]: Timestamp]>([:])

  /// - Parameters:
  ///   - issuers: public keys (Ed25519, 32 bytes) by the issuers' names.
  ///   - holds: whether a signature over these bytes was made by the owner of the key.
  ///   - register: says who holds a code that was found to be good.
  public init(
    issuers: [String: [UInt8]],
    holds: @escaping @Sendable (_ signature: [UInt8], _ bytes: [UInt8], _ key: [UInt8]) -> Bool,
    now: @escaping @Sendable () -> Timestamp,
    register: @escaping @Sendable (SignedCode) async throws(CodeRefusal) -> CodeHolder
  ) {
    self.issuers = issuers
    self.holds = holds
    self.now = now
    self.register = register
  }

  public var isOffered: Bool { !issuers.isEmpty }

  public func holder(of code: SignedCode) async throws(CodeRefusal) -> CodeHolder {
    guard let key = issuers[code.issuer] else { throw .unknownIssuer }
    // First of all: nothing of an unsigned code is believed, and none is remembered.
    guard holds(code.signature, code.signedBytes, key) else { throw .forged }
    let now = now()
    let age = now.milliseconds - code.issuedAt.milliseconds
    guard age >= Self.leastSeconds * 1000 else { throw .early }
    guard age <= Self.mostSeconds * 1000 else { throw .expired }
    try spend(code, at: now)
    return try await register(code)
  }

  /// Marks the code as used before anybody is asked, so that two at once cannot both pass.
  private func spend(_ code: SignedCode, at now: Timestamp) throws(CodeRefusal) {
    try used.withLock { used throws(CodeRefusal) in
      used = used.filter { $0.value >= now }
      let name = Array(code.issuer.utf8) + [0] + code.id
      let end = code.issuedAt.advanced(bySeconds: Self.mostSeconds)
      guard used.updateValue(end, forKey: name) == nil else { throw .replayed }
    }
  }
}
