// SPDX-License-Identifier: Apache-2.0

/// One whole reply of a card reader, its check already done.
public struct SDTReply: Hashable, Sendable {
  public let status: SDTStatus
  public let data: [UInt8]

  public init(status: SDTStatus, data: [UInt8]) {
    self.status = status
    self.data = data
  }
}

/// Why bytes that began like a reply are none.
public enum SDTFrameFault: Error, Hashable, Sendable {
  /// No reply of the protocol has this length.
  case length(Int)
  /// The exclusive-or of its bytes is not what it says.
  case checksum
}
