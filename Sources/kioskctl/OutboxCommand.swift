// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Records
import Storage
import Upkeep
import Wire

struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "What waits for the centre.",
    subcommands: [List.self, Show.self, Retry.self, Export.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "The newest rows, then the counts.", discussion: "Example: kioskctl outbox list --limit 20")

    @OptionGroup var common: Common
    @Option(help: "Rows at most.") var limit = 1000

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let rows: [OutboxRow]
      let counts: LedgerCounts
      if let answer = try await terminal.ask([OutboxRow].self, "/v1/outbox?limit=\(limit)"),
        let sums = try await terminal.ask(LedgerCounts.self, "/v1/counts")
      {
        (rows, counts) = (answer, sums)
      } else {
        (rows, counts) = try await terminal.withLedger { [limit] ledger in
          (try await ledger.outboxRows(limit: limit), try await ledger.counts())
        }
      }
      for row in rows {
        if common.json { try Output.line(row) } else { print(row.line) }
      }
      if common.json { try Output.line(counts) } else { print(counts.line) }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "One row, and why the centre could not take it.",
      discussion: "Example: kioskctl outbox show 019a9f2e-6d80-7a31-8c55-0f1e2d3c4b5a")

    @OptionGroup var common: Common
    @Argument(help: "The id that `outbox list` shows.") var id: EnvelopeID

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let row: OutboxRow
      if let answer = try await terminal.ask(OutboxRow.self, "/v1/outbox/\(id)") {
        row = answer
      } else {
        row = try await terminal.withLedger { [id] in try await $0.outboxRow(id) }
      }
      if common.json { try Output.line(row) } else { print(row.line) }
    }
  }

  struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lets a row that the centre could not take wait again.",
      discussion: "Example: kioskctl outbox retry 019a9f2e-6d80-7a31-8c55-0f1e2d3c4b5a")

    @OptionGroup var common: Common
    @Argument(help: "The id that `outbox list` shows.") var id: EnvelopeID

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let answer: RetryAnswer
      if let given = try await terminal.ask(RetryAnswer.self, "/v1/outbox/\(id)/retry", posting: []) {
        answer = given
      } else {
        answer = try await terminal.withLedger { [id] in
          RetryAnswer(waitsAgain: try await $0.retry(id))
        }
      }
      if common.json { try Output.line(answer) }
      guard answer.waitsAgain else { throw Refusal("\(id) was not refused: it waits or was delivered") }
      if !common.json { print("\(id) waits again") }
    }
  }
}

extension OutboxRow {
  var line: String {
    "\(number.grouped)  \(kind.rawValue)  \(state.rawValue)  \(LocalTime.dayAndClock(filedAt))  \(id)"
      + (reason.map { "  \($0)" } ?? "")
  }
}

extension EnvelopeID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument.lowercased()) }
}
