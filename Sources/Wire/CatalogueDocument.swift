// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Signed catalogues and differences between them: verified first, read after, by whoever
/// knows what a catalogue is. The payload is JSON with `version` (grows from 1), `from` (the
/// version a difference starts at; null for a whole catalogue), and the rest.
public enum CatalogueDocument {
  public static let payloadType = "application/vnd.nightdesk.catalogue+json"
  public static let limits = StrictJSON.Limits(depth: 32, bytes: 64 * 1024 * 1024)

  /// The payload, if enough signers of `root` signed it.
  public static func verify(
    _ bytes: [UInt8], root: RootDocument
  ) throws(WireFault) -> [UInt8] {
    let document = try StrictJSON.wire(SignedDocument.self, from: bytes, limits: limits)
    return try document.verified(type: payloadType, root: root)
  }

  public static func sign(_ payload: [UInt8], key: SigningKey) throws(WireFault) -> [UInt8] {
    Canonical.encode(try SignedDocument(payloadType: payloadType, payload: payload, key: key))
  }
}
