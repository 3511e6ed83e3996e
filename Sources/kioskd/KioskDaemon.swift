// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import UnixSignals
import Upkeep

@main
struct KioskDaemon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kioskd", abstract: "The terminal: serves residents, keeps what they file, carries it.",
    discussion: "Example: kioskd --profile /etc/nightdesk/terminal.json")

  @Option(help: "The start-up file: folders, ports, places of the devices.")
  var profile: String

  func run() async throws {
    Process.forbidCoreDumps()
    LoggingSystem.bootstrap(StreamLogHandler.standardError)
    var logger = Logger(label: "kioskd")
    logger.logLevel = .notice
    do {
      let start = try Loading.decode(StartFile.self, at: profile)
      let services = try await Terminal(start: start, logger: logger).services()
      let group = ServiceGroup(
        configuration: .init(
          services: services.map { .init(service: $0) },
          gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await group.run()
    } catch let fault as StartFault {
      FileHandle.standardError.write(Data("kioskd: \(fault)\n".utf8))
      throw ExitCode(1)
    }
  }
}
