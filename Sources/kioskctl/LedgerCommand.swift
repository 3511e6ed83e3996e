// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import DurableSQLite
import Foundation
import Records
import Storage
import Upkeep
import Wire

struct LedgerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "The ledger.", subcommands: [Check.self, Salvage.self])

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Whether the file is sound: pages, seals, the chain of acts; gaps and counts.",
      discussion: "Example: kioskctl ledger check")

    @OptionGroup var common: Common

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let report: LedgerReport
      if let answer = try await terminal.ask(LedgerReport.self, "/v1/ledger") {
        report = answer
      } else {
        let seal = try terminal.seal()
        report = try await terminal.withLedger { ledger in
          try await ledger.check { seal.fault(of: $0) }
        }
      }
      if common.json { try Output.line(report) } else { report.lines.forEach { print($0) } }
      guard report.damage.isEmpty else { throw ExitCode(1) }
    }
  }

  struct Salvage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Moves a broken ledger aside, whole, and makes a new one of what can be read.",
      discussion: """
        Works while kioskd is stopped; nothing is deleted. Killed on the way, run it again.
        Example: kioskctl ledger salvage
        """)

    @OptionGroup var common: Common
    @Flag(help: "Also when nothing is found wrong with the ledger.") var anyway = false

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let folders = terminal.start.folders
      try terminal.refuseStranger()
      let seal = try terminal.seal()
      if !anyway, try await terminal.isSound(seal) {
        throw Refusal("nothing is wrong with \(folders.ledger); --anyway salvages it all the same")
      }
      let report: SalvageReport
      do throws(OpenFault) {
        report = try await LedgerSalvage.salvage(
          path: folders.ledger, record: folders.allotments, aside: folders.aside, clock: PlainClock(),
          chance: SystemChance(), seal: { seal.fault(of: $0) })
      } catch {
        throw terminal.refusal(error)
      }
      if common.json { try Output.line(report) } else { report.lines.forEach { print($0) } }
      guard report.lostUnsent == 0, report.lostFilings == 0 else { throw ExitCode(1) }
    }
  }
}

extension Terminal {
  /// Throws when the ledger cannot be looked at for another reason than damage.
  fileprivate func isSound(_ seal: SealCheck) async throws -> Bool {
    if FileManager.default.fileExists(atPath: start.folders.ledger + ".salvage") { return false }
    let ledger: Ledger
    do throws(OpenFault) {
      ledger = try inspect()
    } catch .broken {
      return false
    } catch {
      throw refusal(error)
    }
    // What not even the counts can be read of is not sound.
    let report = try? await ledger.check { seal.fault(of: $0) }
    try ledger.close()
    return report?.damage.isEmpty ?? false
  }
}

extension LedgerReport {
  fileprivate var lines: [String] {
    damage.map { "damage: \($0)" } + [
      "gaps \(gaps)  pruned \(pruned)  acts \(audit.entries)  chain \(audit.chain.prefix(16))",
      counts.line,
    ]
  }
}

extension SalvageReport {
  fileprivate var lines: [String] {
    let filings = lostFilings.map { "\($0)" } ?? "not known"
    return [
      "the old file lies whole in \(aside)",
      "lost before delivery: \(lostUnsent)  filings not found: \(filings)",
      "read \(read)  waiting \(waiting)",
    ]
  }
}

extension LedgerCounts {
  var line: String {
    "filed \(filed)  waiting \(waiting)  sent \(sent)  refused \(refused)  untold \(untold)"
  }
}
