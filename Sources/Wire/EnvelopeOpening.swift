// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// Opens what clerks route by.
public struct RoutingOpener: Sendable {
  private let key: OpeningKey
  private let id: String

  public init(privateKey: [UInt8]) throws(WireFault) {
    key = try OpeningKey(privateKey: privateKey)
    id = key.sealingKey.id
  }

  public func open(_ envelope: Envelope, _ header: EnvelopeHeader) throws(WireFault) -> Routing {
    guard header.keys.routing == id else { throw .wrongKey }
    let plain = try Sealing.open(
      envelope.routing, as: .routing, with: key.key, boundTo: header.associatedData)
    return try StrictJSON.wire(Routing.self, from: plain)
  }
}

/// Opens person, answers and materials: only for the back office's view of one case.
public struct ContentOpener: Sendable {
  private let key: OpeningKey
  private let id: String

  public init(privateKey: [UInt8]) throws(WireFault) {
    key = try OpeningKey(privateKey: privateKey)
    id = key.sealingKey.id
  }

  public func open(_ envelope: Envelope, _ header: EnvelopeHeader) throws(WireFault) -> Content {
    guard header.keys.content == id else { throw .wrongKey }
    let plain = try Sealing.open(
      envelope.content, as: .content, with: key.key, boundTo: header.associatedData)
    return try StrictJSON.wire(Content.self, from: plain)
  }
}

extension SignatureCheck {
  /// Whether the terminal with `publicKey` signed the header of `envelope`. The header pins
  /// the sealed parts; `EnvelopeMessage.envelope()` is what compares them with it.
  public static func holds(_ envelope: Envelope, publicKey: [UInt8]) -> Bool {
    holds(envelope.signature, over: envelope.header, publicKey: publicKey)
  }
}
