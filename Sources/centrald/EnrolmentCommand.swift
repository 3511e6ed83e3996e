// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import NIOSSL
import Records
import Wire

struct EnrolmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrolment", abstract: "Letting terminals in.", subcommands: [New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a ticket for one terminal, good for a day; works while the centre serves.",
      discussion: """
        The ticket stands alone on the last line: a one-time code, and the mark by which the
        terminal knows this centre.
        Example: centrald enrolment new --data DIR --terminal T0012 --area 320507
        """)

    @OptionGroup var folder: DataFolder
    @Option(help: "Name of the terminal, 1 to 64 letters, digits, hyphens.") var terminal: String
    @Option(help: "Six digits of the administrative division.") var area: String

    func validate() throws {
      let name = terminal.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45
      }
      guard name, (1...64).contains(terminal.utf8.count) else {
        throw ValidationError("a terminal's name has 1 to 64 letters, digits and hyphens")
      }
      guard area.utf8.count == 6, area.utf8.allSatisfy({ (48...57).contains($0) }) else {
        throw ValidationError("an area has six digits")
      }
    }

    func run() throws {
      let authority = try NIOSSLCertificate.fromPEMBytes(Array(folder.text(.authority).utf8))
      guard let der = try authority.first?.toDERBytes() else {
        throw Refusal("\(folder.path(.authority)) holds no certificate")
      }
      let code = EnrolmentCode(chance: SystemChance().bytes(10))
      let until = SystemWallTime().now().at
        .advanced(bySeconds: EnrolmentPromise.lifetimeSeconds)
      try folder.make()
      try EnrolmentFolder(path: folder.enrolments).keep(
        EnrolmentPromise(terminal: terminal, area: area, validUntil: until), of: code.hash)
      Main.say("ticket for terminal \(terminal), good for 24 hours:")
      Main.say(EnrolmentTicket(code: code.text, authority: der).grouped)
    }
  }
}
