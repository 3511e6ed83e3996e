// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Records
import Upkeep

struct DeviceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "device", abstract: "The devices of this terminal.",
    subcommands: [List.self, Restart.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Each place: the model there, its state and what to do.",
      discussion: "Example: kioskctl device list --json")

    @OptionGroup var common: Common

    func run() async throws {
      let lines = try await Terminal(start: try Files.start(common.profile)).devices()
      for line in lines { try line.show(asJSON: common.json) }
      guard lines.allSatisfy(\.holds) else { throw ExitCode(1) }
    }
  }

  struct Restart: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Starts a device anew; returns when it is ready again, or says why not.",
      discussion: """
        A printer is restarted once nobody is being served.
        Example: kioskctl device restart reader
        """)

    @OptionGroup var common: Common
    @Option(help: "Seconds to wait for it.") var within = 30
    @Argument(help: "The place that `device list` shows.") var place: String

    func validate() throws {
      guard (1...3600).contains(within) else { throw ValidationError("--within takes 1 to 3600 seconds") }
    }

    func run() async throws {
      let terminal = Terminal(start: try Files.start(common.profile))
      let before = try await terminal.devices()
      guard let former = before.first(where: { $0.place == place }) else {
        let places = before.map(\.place).joined(separator: ", ")
        throw ValidationError("there is no place \(place) in this terminal; it has \(places)")
      }
      let path = "/v1/devices/\(place)/restart"
      guard try await terminal.ask(DeviceLine.self, path, posting: []) != nil else { throw terminal.silence }
      let line = try await restarted(terminal, since: former.since)
      try line.show(asJSON: common.json)
      guard line.holds else { throw ExitCode(1) }
    }

    /// How the device stands once it has begun and ended its start, at the latest when
    /// patience ends.
    private func restarted(_ terminal: Terminal, since former: Timestamp?) async throws -> DeviceLine {
      let end = ContinuousClock.now + .seconds(within)
      while true {
        guard let line = try await terminal.devices().first(where: { $0.place == place }) else {
          throw terminal.silence
        }
        let isOver = line.since != former && line.state != "starting"
        if isOver || ContinuousClock.now >= end { return line }
        try await Task.sleep(for: .milliseconds(50))
      }
    }
  }
}

extension DeviceLine {
  fileprivate func show(asJSON: Bool) throws {
    if asJSON { return try Output.line(self) }
    let since = since.map { "  since \(LocalTime.dayAndClock($0))" } ?? ""
    let code = problem.map { " (\($0))" } ?? ""
    let words = sentence.map { "  \($0.zh)  \($0.en)" } ?? ""
    print("\(place): \(model ?? "no model seen")  \(state ?? "unknown")\(code)\(since)\(words)")
  }
}

extension Terminal {
  /// The places of this terminal as kioskd sees them.
  fileprivate func devices() async throws -> [DeviceLine] {
    guard let lines = try await ask([DeviceLine].self, "/v1/devices") else { throw silence }
    return lines
  }
}
