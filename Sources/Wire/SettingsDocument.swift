// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// Signed settings: verified first, read after.
public enum SettingsDocument {
  public static let payloadType = "application/vnd.nightdesk.settings+json"
  private static let limits = StrictJSON.Limits(depth: 16, bytes: 1024 * 1024)

  /// The settings in a signed file, if enough signers of `root` signed them. A file that is
  /// not understood to its last key is refused whole.
  public static func verify(
    _ bytes: [UInt8], root: RootDocument
  ) throws(WireFault) -> Settings {
    let document = try StrictJSON.wire(SignedDocument.self, from: bytes, limits: limits)
    let payload = try document.verified(type: payloadType, root: root)
    return try StrictJSON.wire(Settings.self, from: payload, limits: limits)
  }

  /// A signed file around `settings`, the very bytes of a settings JSON. Throws `malformed`
  /// with the place when a terminal would not read them.
  public static func sign(_ settings: [UInt8], key: SigningKey) throws(WireFault) -> [UInt8] {
    _ = try StrictJSON.wire(Settings.self, from: settings, limits: limits)
    return Canonical.encode(
      try SignedDocument(payloadType: payloadType, payload: settings, key: key))
  }
}
