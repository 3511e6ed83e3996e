// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// What the desk needs to take a code in the place of a card.
public struct ResidentCodes: Sendable {
  public var scanner: any CodeScanner
  /// What the bytes of a code are.
  public var read: @Sendable ([UInt8]) -> HeldCode
  public var verifier: any CodeVerifier

  public init(
    scanner: any CodeScanner, read: @escaping @Sendable ([UInt8]) -> HeldCode,
    verifier: any CodeVerifier
  ) {
    self.scanner = scanner
    self.read = read
    self.verifier = verifier
  }
}
