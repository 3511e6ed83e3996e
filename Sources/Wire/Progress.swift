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

/// Where an application stands, as far as the asker may know.
public struct ProgressReply: Hashable, Sendable, Codable {
  public enum State: String, Hashable, Sendable, Codable { case notArrived, received, refused }

  public var number: CaseNumber
  public var state: State
  /// The binding sentence, and with a refusal what to do.
  public var words: Words.Sentence
  /// From here on only for the right claim code, and only what is known.
  public var matter: Words.Sentence?
  public var filedAt: Timestamp?
  public var timeQuality: TimeQuality?
  public var receivedAt: Timestamp?
  /// 办件编号.
  public var caseNumber: String?

  public init(number: CaseNumber, state: State, words: Words.Sentence) {
    self.number = number
    self.state = state
    self.words = words
  }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> ProgressReply {
    try StrictJSON.wire(ProgressReply.self, from: bytes)
  }
}
