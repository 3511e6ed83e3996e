// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
struct KioskControl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kioskctl", abstract: "Looks after a terminal from its own command line.",
    discussion: """
      Exit status: 0 all held, 1 something did not hold (said in words), 2 used wrongly.
      Example: kioskctl doctor --profile /etc/nightdesk/terminal.json
      """,
    subcommands: [
      Doctor.self, LedgerCommand.self, OutboxCommand.self, CatalogueCommand.self, SlipCommand.self,
      CardCommand.self, ProgressCommand.self, DeviceCommand.self, StaffCommand.self, Enrol.self,
    ])

  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      let isUsage = code == ExitCode.validationFailure
      if !isUsage { exit(withError: error) }
      Output.complain(fullMessage(for: error))
      exit(withError: ExitCode(2))
    }
  }
}

/// What every command takes.
struct Common: ParsableArguments {
  @Option(help: "The terminal's start-up file.")
  var profile = "/etc/nightdesk/terminal.json"

  @Flag(help: "Print facts as JSON, one object a line.")
  var json = false
}
