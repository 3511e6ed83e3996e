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
    /// No answer at all.
    case silence
  }

  public var kind: Kind
  /// The request whose answer is spoilt; nil: whichever comes next.
  public var command: ReaderCommand?

  public init(_ kind: Kind, on command: ReaderCommand? = nil) {
    self.kind = kind
    self.command = command
  }

  func fits(_ asked: ReaderCommand) -> Bool {
    kind == .readFails ? asked == .read : command == nil || command == asked
  }

  func spoil(_ answer: [UInt8]) -> [UInt8] {
    switch kind {
    case .badChecksum: answer.dropLast() + answer.suffix(1).map { ~$0 }
    case .shortAnswer: Array(answer.prefix(answer.count / 2))
    case .garbageFirst: [0x00, 0xAA, 0xAA, 0x17, 0x96, 0x69] + answer
    case .readFails, .silence: []
    }
  }
}
