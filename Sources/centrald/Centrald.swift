// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

/// The centre: the web tier, its back office, and what an operator does beside them.
struct Centrald: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "centrald",
    abstract: "The centre that terminals deliver to.",
    discussion: """
      Example:
        centrald keys new --data /var/lib/nightdesk-centre
        centrald enrolment new --data /var/lib/nightdesk-centre --terminal T0012 --area 320507
        centrald serve --data /var/lib/nightdesk-centre --port 40005 --terminals-port 40006 \\
          --enrolment-port 40007 --catalogue catalogue.json --pages Kiosk/Centre
        centrald office --data /var/lib/nightdesk-centre/office --port 40008 \\
          --centre http://127.0.0.1:40005 --pages Kiosk/Centre
      """,
    subcommands: [
      Serve.self, OfficeCommand.self, Keys.self, EnrolmentCommand.self, CatalogueCommand.self,
      SettingsCommand.self, CertificatesCommand.self, ImportCommand.self, Stats.self,
    ])
}

/// Something did not hold; says what, and what to do.
struct Refusal: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// 0: all held. 1: something did not hold. 2: used wrongly.
@main
enum Main {
  static func main() async {
    do {
      var command = try Centrald.parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let refusal as Refusal {
      end("centrald: \(refusal)", 1)
    } catch {
      let code = Centrald.exitCode(for: error)
      if code == .success { Centrald.exit(withError: error) }
      end(Centrald.fullMessage(for: error), code == .validationFailure ? 2 : 1)
    }
  }

  private static func end(_ message: String, _ code: Int32) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(code)
  }

  /// One line to whoever started us, at once.
  static func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
  }
}
