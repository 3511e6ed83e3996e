// SPDX-License-Identifier: Apache-2.0

/// Where an application stands, as far as the asker may know.
public struct CaseProgress: Hashable, Sendable, Codable {
  public enum State: String, Hashable, Sendable, Codable {
    case notArrived, received, refused, withdrawn
  }

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
}

/// Why a question to the centre has no answer. Each leads to another sentence.
public enum EnquiryFault: Error, Hashable, Sendable {
  /// No answer within the time a visit can give.
  case unreachable
  /// The claim code does not match the number.
  case wrongCode
  /// Too many wrong codes; ask again after this many seconds.
  case resting(seconds: Int)
  /// An answer of another kind than any we know.
  case notUnderstood
}

/// What a visit asks the centre: bounded, cancelled with the visit, nothing stored.
public protocol Enquiry: Sendable {
  /// - Parameter code: nil asks for the state in a word alone.
  func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress
}
