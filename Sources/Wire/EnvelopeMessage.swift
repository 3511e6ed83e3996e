// SPDX-License-Identifier: Apache-2.0

import Records

/// An envelope as it travels: four base 64 strings.
public struct EnvelopeMessage: Hashable, Sendable, Codable {
  public var header: Base64
  public var routing: Base64
  /// Empty when there is none.
  public var content: Base64
  public var signature: Base64

  public init(_ envelope: Envelope) {
    header = Base64(envelope.header)
    routing = Base64(envelope.routing)
    content = Base64(envelope.content)
    signature = Base64(envelope.signature)
  }

  /// The envelope and its header, once the header is understood, canonical, and names
  /// exactly these parts. Says nothing about who signed it.
  public func envelope() throws(WireFault) -> (Envelope, EnvelopeHeader) {
    let header = try EnvelopeHeader(canonical: header.bytes)
    guard header.routing == .init(routing.bytes),
      header.content == (content.bytes.isEmpty ? nil : .init(content.bytes))
    else { throw .partMismatch }
    guard signature.bytes.count == 64 else { throw .malformed("a signature has 64 bytes") }
    let envelope = Envelope(
      id: header.id, number: header.number, kind: header.kind, after: header.after,
      header: self.header.bytes, routing: routing.bytes, content: content.bytes,
      signature: signature.bytes)
    return (envelope, header)
  }
}
