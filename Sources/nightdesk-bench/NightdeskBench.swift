// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// 0: every goal held. 1: something did not hold. 2: used wrongly.
@main
enum Main {
  static func main() async {
    do {
      var command = try NightdeskBench.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      let code = NightdeskBench.exitCode(for: error)
      if code == .success { NightdeskBench.exit(withError: error) }
      let message = NightdeskBench.fullMessage(for: error)
      if !message.isEmpty { FileHandle.standardError.write(Data((message + "\n").utf8)) }
      exit(code == .validationFailure ? 2 : 1)
    }
  }
}

struct NightdeskBench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "nightdesk-bench",
    abstract: "Measures what Nightdesk promises, beside its floor and its rivals.",
    discussion: """
      Kiosk/bench builds it and calls it. Example: Kiosk/bench ledger --json out.json
      """,
    subcommands: [Measure.self, Part.self], defaultSubcommand: Measure.self)
}

/// The other processes of a measurement: this same program in another part.
struct Part: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plays one part of a measurement; started by the bench itself.", shouldDisplay: false,
    subcommands: [
      CentrePart.self, CourierPart.self, FilerPart.self, ReaderPart.self, ReplugPart.self, StorePart.self,
    ])
}
