// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

@main
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
    subcommands: [CentrePart.self, CourierPart.self, FilerPart.self, StorePart.self])
}
