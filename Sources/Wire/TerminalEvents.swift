// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// What the centre tells a terminal over its event stream (`GET /v1/events`, server-sent
/// events, resumed by `Last-Event-ID`). The SSE field `event` is the kind, `data` one line of
/// JSON, `id` a number that only grows. An event is a hint to look, never the only bearer of
/// a fact: what is lost between two streams is asked for anew.
public enum TerminalEvent: Hashable, Sendable {
  case command(Command)
  /// A catalogue of this version can be had.
  case catalogue(version: Int)

  public var kind: String {
    switch self {
    case .command: "command"
    case .catalogue: "catalogue"
    }
  }

  private struct CatalogueNotice: Codable { var version: Int }

  public var data: [UInt8] {
    switch self {
    case .command(let command): Canonical.encode(command)
    case .catalogue(let version): Canonical.encode(CatalogueNotice(version: version))
    }
  }

  /// Nil for a kind that is not known here: a newer centre may say more than this terminal
  /// understands.
  public static func decode(kind: String, data: [UInt8]) throws(WireFault) -> TerminalEvent? {
    switch kind {
    case "command": .command(try StrictJSON.wire(Command.self, from: data))
    case "catalogue": .catalogue(version: try StrictJSON.wire(CatalogueNotice.self, from: data).version)
    default: nil
    }
  }
}

/// `POST /v1/commands/{id}`: how a command ended. The centre takes the first word and answers
/// the same to each repetition.
public struct CommandReport: Hashable, Sendable, Codable {
  public var outcome: CommandOutcome

  public init(outcome: CommandOutcome) { self.outcome = outcome }

  public static func decode(_ bytes: [UInt8]) throws(WireFault) -> CommandReport {
    try StrictJSON.wire(CommandReport.self, from: bytes)
  }
}
