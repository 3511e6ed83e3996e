// SPDX-License-Identifier: Apache-2.0

import Crypto
import Records

/// SHA-256 (FIPS 180-4).
public enum Fingerprint {
  /// 32 bytes.
  public static func bytes(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// 64 characters of lower-case hexadecimal.
  public static func text(_ bytes: [UInt8]) -> String { Hex.text(self.bytes(bytes)) }

  /// The short name of a public key: the first 16 characters of its digest.
  public static func keyID(_ publicKey: [UInt8]) -> String { String(text(publicKey).prefix(16)) }
}

/// What the centre can compare with a claim code without holding it in clear.
public enum ClaimHash {
  /// SHA-256 over the 24 characters of the number and the 8 of the code, in hexadecimal.
  /// The number in front makes one table of all codes useless for more than one case.
  public static func of(_ number: CaseNumber, _ code: ClaimCode) -> String {
    Fingerprint.text(Array((number.description + code.text).utf8))
  }
}
