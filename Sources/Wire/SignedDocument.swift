// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// A signed document, DSSE version 1 (github.com/secure-systems-lab/dsse): signatures over
/// the very bytes that are read afterwards.
public struct SignedDocument: Hashable, Sendable, Codable {
  public var payloadType: String
  public var payload: Base64
  public var signatures: [Signature]

  public struct Signature: Hashable, Sendable, Codable {
    public var keyid: String
    public var sig: Base64

    public init(keyid: String, sig: [UInt8]) {
      self.keyid = keyid
      self.sig = Base64(sig)
    }
  }

  /// `payload` signed by one key.
  public init(payloadType: String, payload: [UInt8], key: SigningKey) throws(WireFault) {
    self.payloadType = payloadType
    self.payload = Base64(payload)
    let signature = try key.sign(Self.encoding(type: payloadType, payload: payload))
    signatures = [Signature(keyid: key.id, sig: signature)]
  }

  /// The pre-authentication encoding: what is signed in place of the payload.
  public static func encoding(type: String, payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(payload.count) ".utf8) + payload
  }

  /// The payload, if enough signers of `root` signed it as a document of this type.
  public func verified(type: String, root: RootDocument) throws(WireFault) -> [UInt8] {
    guard payloadType == type else { throw .malformed("a document of another type") }
    let encoding = Self.encoding(type: payloadType, payload: payload.bytes)
    let held = root.signers.filter { signer in
      signatures.contains { signature in
        signature.keyid == signer.id
          && SignatureCheck.holds(
            signature.sig.bytes, over: encoding, publicKey: signer.publicKey.bytes)
      }
    }
    // Different keys count, not entries: one signer named twice is still one.
    let keys = Set(held.map(\.publicKey))
    guard root.threshold >= 1, keys.count >= root.threshold else { throw .unsigned }
    return payload.bytes
  }
}

/// Whose signatures count.
public struct RootDocument: Hashable, Sendable, Codable {
  public var version: Int
  public var signers: [Signer]
  /// So many different signers must have signed; at least 1.
  public var threshold: Int

  public struct Signer: Hashable, Sendable, Codable {
    public var id: String
    public var publicKey: Base64

    public init(publicKey: [UInt8]) {
      id = Fingerprint.keyID(publicKey)
      self.publicKey = Base64(publicKey)
    }
  }

  public init(version: Int, signers: [Signer], threshold: Int) {
    self.version = version
    self.signers = signers
    self.threshold = threshold
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> RootDocument {
    try StrictJSON.wire(RootDocument.self, from: bytes)
  }
}
