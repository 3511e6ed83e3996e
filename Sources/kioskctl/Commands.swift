// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Matters
import Records
import Storage
import Upkeep

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every device, ledger, catalogue, centre: state and what to do.",
    discussion: "Example: kioskctl doctor --json")

  @OptionGroup var common: Common

  func run() async throws {
    let terminal = Terminal(start: try Files.start(common.profile))
    guard let lines = try await terminal.ask([DoctorLine].self, "/v1/doctor") else {
      throw Refusal("kioskd does not answer on \(terminal.start.folders.control); is it running?")
    }
    for line in lines {
      if common.json {
        try Output.line(line)
      } else {
        let words = line.sentence.map { "  \($0.zh)  \($0.en)" } ?? ""
        print("\(line.item): \(line.state)\(line.problem.map { " (\($0))" } ?? "")\(words)")
      }
    }
    guard lines.allSatisfy(\.holds) else { throw ExitCode(1) }
  }
}

struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "The ledger.", subcommands: [Check.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the file is sound, and its counts.", discussion: "Example: kioskctl ledger check")

    @OptionGroup var common: Common

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let report: LedgerReport
      if let answer = try await terminal.ask(LedgerReport.self, "/v1/ledger") {
        report = answer
      } else {
        let ledger = try terminal.ledger()
        report = LedgerReport(counts: try await ledger.counts(), damage: try await ledger.damage())
      }
      if common.json {
        try Output.line(report)
      } else {
        report.damage.forEach { print("damage: \($0)") }
        print(report.counts.line)
      }
      guard report.damage.isEmpty else { throw ExitCode(1) }
    }
  }
}

struct OutboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "outbox", abstract: "What waits for the centre.", subcommands: [List.self])

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
        let ledger = try terminal.ledger()
        (rows, counts) = (try await ledger.outboxRows(limit: limit), try await ledger.counts())
      }
      for row in rows {
        if common.json {
          try Output.line(row)
        } else {
          let reason = row.reason.map { "  \($0)" } ?? ""
          print(
            "\(row.number.grouped)  \(row.kind.rawValue)  \(row.state.rawValue)  "
              + "\(LocalTime.dayAndClock(row.filedAt))\(reason)")
        }
      }
      if common.json { try Output.line(counts) } else { print(counts.line) }
    }
  }
}

extension LedgerCounts {
  var line: String {
    "filed \(filed)  waiting \(waiting)  sent \(sent)  refused \(refused)  untold \(untold)"
  }
}

struct CatalogueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "catalogue", abstract: "Catalogue files.", subcommands: [Check.self])

  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads a file as the terminal would: every fault with its place.",
      discussion: "Example: kioskctl catalogue check catalogue.json")

    @Argument(help: "The file.") var file: String

    func run() throws {
      let bytes = try Files.bytes(file)
      do throws(CatalogueFile.Refusal) {
        let catalogue = try CatalogueFile.read(bytes)
        print("\(catalogue.matters.count) matters, \(catalogue.bundles.count) bundles, no fault")
      } catch {
        error.lines.forEach { print($0) }
        throw ExitCode(1)
      }
    }
  }
}
