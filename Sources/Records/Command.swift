// SPDX-License-Identifier: Apache-2.0

/// Something the centre asks a terminal to do, once.
public struct Command: Hashable, Sendable, Codable {
  /// 32 characters of lower-case hexadecimal, chosen by the centre.
  public var id: String
  /// `report`, `deliver`, …; an act that is not known is refused.
  public var act: String
  /// Not obeyed after this moment.
  public var until: Timestamp

  public init(id: String, act: String, until: Timestamp) {
    self.id = id
    self.act = act
    self.until = until
  }
}

/// How a command ended.
public struct CommandOutcome: Hashable, Sendable, Codable {
  public enum Word: String, Hashable, Sendable, Codable {
    case done
    /// Not known here, or too late.
    case refused
    case failed
    /// Begun before a restart; whether it was done is not known, and it is not done again.
    case unknown
  }

  public var word: Word
  /// In English, for administrators; never personal.
  public var detail: String?

  public init(_ word: Word, detail: String? = nil) {
    self.word = word
    self.detail = detail
  }
}

/// Remembers which commands were obeyed, so that one that comes again after a lost answer or
/// a restart is answered, not obeyed again.
public protocol CommandBook: Sendable {
  /// Nil when `command` is new: it is on the disk as begun, and the caller does it now. Else
  /// how it ended; `unknown` for one begun in a former life.
  func begin(_ command: Command) async throws(StoreFault) -> CommandOutcome?
  func finish(_ id: String, _ outcome: CommandOutcome) async throws(StoreFault)
}
