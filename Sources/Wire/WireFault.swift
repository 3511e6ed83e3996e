// SPDX-License-Identifier: Apache-2.0

import StrictJSON

/// Why bytes from elsewhere were not taken, or keys did not serve.
public enum WireFault: Error, Hashable, Sendable {
  /// Not what it should be; says where and why, in English, for logs and staff.
  case malformed(String)
  /// Understood, but not written in the one canonical form.
  case notCanonical
  /// A sealed part is not the one its header names.
  case partMismatch
  /// Key bytes that are no key, or sealed to another key than ours.
  case wrongKey
  /// Altered, or sealed by somebody who did not know our key.
  case cannotOpen
  /// Too few signatures hold.
  case unsigned
}

extension StrictJSON {
  /// Reads one document of `type`; the place of a fault is kept, in words.
  static func wire<T: Decodable>(
    _ type: T.Type, from bytes: [UInt8], limits: Limits = .init()
  ) throws(WireFault) -> T {
    do throws(JSONFault) {
      return try decode(type, from: bytes, limits: limits)
    } catch {
      throw .malformed(error.description)
    }
  }
}
