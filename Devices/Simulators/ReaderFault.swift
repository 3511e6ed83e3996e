// SPDX-License-Identifier: Apache-2.0

/// The requests that the simulated reader knows: command and parameter byte. All others
/// get status 21; fingerprints (30 10) are among them, since a terminal must not ask.
public enum ReaderCommand: UInt16, Hashable, Sendable {
  case reset = 0x10FF
  case status = 0x11FF
  case moduleID = 0x12FF
  case find = 0x2001
  case select = 0x2002
  case read = 0x3001
  case additionalAddress = 0x3003
}

/// One spoilt answer, for drivers to survive.
public struct ReaderFault: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The check byte is wrong.
    case badChecksum
    /// The answer breaks off half-way.
    case shortAnswer
    /// Bytes of line noise, with half a preamble in them, come before the answer.
    case garbageFirst
    /// Status 41 instead of the card's data; fits reads only.
    case readFails
    /// A status of choice instead of the answer.
    case status
    /// The lengths within the card's data are wrong, the check is right; fits reads only.
    case badInnerLength
    /// No answer at all.
    case silence
    /// The answer comes again and again, until the next request.
    case endless
    /// The answer comes in pieces, with pauses between them.
    case split
    /// The answer comes twice.
    case repeated
  }

  public var kind: Kind
  /// The request whose answer is spoilt; nil: whichever comes next.
  public var command: ReaderCommand?
  /// What `status` answers with.
  public var code: UInt8

  public init(_ kind: Kind, on command: ReaderCommand? = nil, code: UInt8 = 0x41) {
    self.kind = kind
    self.command = command
    self.code = code
  }

  func fits(_ asked: ReaderCommand) -> Bool {
    switch kind {
    case .readFails, .badInnerLength: asked == .read
    default: command == nil || command == asked
    }
  }

  /// What stands in the place of the answer without asking the card at all.
  var refusal: [UInt8]? {
    switch kind {
    case .readFails: ReaderFrames.answer(0x41)
    case .status: ReaderFrames.answer(code)
    default: nil
    }
  }

  func spoil(_ answer: [UInt8]) -> ReaderAnswer {
    switch kind {
    case .badChecksum: ReaderAnswer(answer.dropLast() + answer.suffix(1).map { ~$0 })
    case .shortAnswer: ReaderAnswer(Array(answer.prefix(answer.count / 2)))
    case .garbageFirst: ReaderAnswer([0x00, 0xAA, 0xAA, 0x17, 0x96, 0x69] + answer)
    case .badInnerLength: ReaderAnswer(ReaderFrames.withWrongInnerLength(answer))
    case .silence: ReaderAnswer([])
    case .repeated: ReaderAnswer(answer + answer)
    case .endless: ReaderAnswer(pieces: [answer], isEndless: true)
    case .split:
      ReaderAnswer(pieces: [
        Array(answer.prefix(1)), Array(answer.dropFirst().prefix(6)), Array(answer.dropFirst(7)),
      ])
    case .readFails, .status: ReaderAnswer(refusal ?? [])
    }
  }
}

/// An answer as it goes out.
struct ReaderAnswer: Hashable, Sendable {
  var pieces: [[UInt8]]
  /// All of it goes out again and again until the next request comes.
  var isEndless = false

  init(_ bytes: [UInt8]) { pieces = [bytes] }

  init(pieces: [[UInt8]], isEndless: Bool = false) {
    self.pieces = pieces
    self.isEndless = isEndless
  }

  var bytes: [UInt8] { pieces.flatMap { $0 } }
}
