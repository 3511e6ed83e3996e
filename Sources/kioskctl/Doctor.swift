// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Records

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every device, ledger, catalogue, centre: state and what to do.",
    discussion: "Example: kioskctl doctor --json")

  @OptionGroup var common: Common

  func run() async throws {
    let terminal = Terminal(start: try Files.start(common.profile))
    guard let lines = try await terminal.ask([DoctorLine].self, "/v1/doctor") else {
      throw terminal.silence
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
