// SPDX-License-Identifier: Apache-2.0

/// The three status bytes of a reply. The third is the module's own word; the first two
/// may hand on what the card said.
public struct SDTStatus: Hashable, Sendable {
  public let first: UInt8
  public let second: UInt8
  public let third: UInt8

  public init(_ first: UInt8, _ second: UInt8, _ third: UInt8) {
    self.first = first
    self.second = second
    self.third = third
  }

  /// `nil` for a code that no list names.
  public var meaning: Meaning? { Meaning(rawValue: third) }

  /// The codes of the vendors' sheet "SAM 通信协议", table 10; 37 and 3F from newer lists.
  public enum Meaning: UInt8, Hashable, Sendable, CaseIterable {
    case success = 0x90
    case found = 0x9F
    case requestChecksum = 0x10
    case requestLength = 0x11
    case unknownCommand = 0x21
    case notPermitted = 0x23
    case unrecognisedError = 0x24
    case cardRefusedModule = 0x31
    case moduleRefusedCard = 0x32
    case informationCheck = 0x33
    case fingerprintCheck = 0x37
    case informationLength = 0x3F
    case unknownCardType = 0x40
    case readFailed = 0x41
    case noRandomNumber = 0x47
    case selfTestFailed = 0x60
    case moduleNotAuthorised = 0x66
    case noCard = 0x80
    case selectFailed = 0x81
    case noSuchItem = 0x91
  }

  /// Who has to do something about it.
  enum Blame: Hashable {
    /// Nobody: it tells how things stand.
    case nobody
    /// Whoever holds the card: it has to be taken off and put on again, or is not good.
    case card
    /// The line: the request did not arrive as it was sent.
    case line
    /// Whoever chose the model: the reader does not know the command.
    case model
    /// The module: it takes no commands any more.
    case module
    /// The module's owner: it may not do what it was asked.
    case authority
  }

  var blame: Blame {
    switch meaning {
    case .success, .found, .noCard, .noSuchItem: .nobody
    case .cardRefusedModule, .moduleRefusedCard, .informationCheck, .fingerprintCheck,
      .informationLength, .unknownCardType, .readFailed, .noRandomNumber, .selectFailed:
      .card
    case .requestChecksum, .requestLength, .unrecognisedError, nil: .line
    case .unknownCommand: .model
    case .selfTestFailed: .module
    case .notPermitted, .moduleNotAuthorised: .authority
    }
  }
}
