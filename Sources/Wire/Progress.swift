// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// What whoever holds a slip asks the centre.
public struct ProgressRequest: Hashable, Sendable, Codable {
  /// As the person gave it.
  public var number: String
  public var claimCode: String

  public init(number: String, claimCode: String) {
    self.number = number
    self.claimCode = claimCode
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> ProgressRequest {
    try StrictJSON.wire(ProgressRequest.self, from: bytes)
  }
}

public typealias ProgressReply = CaseProgress

extension CaseProgress {
  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> CaseProgress {
    try StrictJSON.wire(CaseProgress.self, from: bytes)
  }
}
