// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Paper
import ReceiptPrinters
import Records
import Storage
import StrictJSON
import Upkeep
import Wire

struct SlipCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slip", abstract: "Slips.", subcommands: [Draw.self])

  struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draws a slip from its values as this terminal would, and prints nothing.",
      discussion: """
        FILE is JSON: number, claim, matter, isLicence, applicantName, idNumber, time,
        provided, awaiting, toFollow. The picture is a PBM, one pixel a dot.
        Example: kioskctl slip draw slip.json --out slip.pbm
        """)

    @Option(help: "The terminal's start-up file.") var profile = "/etc/nightdesk/terminal.json"
    @Option(help: "zh or en.") var language = Language.zh
    @Option(help: "Where the picture goes.") var out: String
    @Argument(help: "The slip's values.") var file: String

    func run() throws {
      let start = try Files.start(profile)
      let slip = try decode(ApplicationSlip.self, file)
      let identity = try TerminalIdentity.decode(try Files.bytes(start.folders.identity))
      let settings = try SettingsDocument.verify(
        try Files.bytes(start.folders.settings), root: identity.root)
      let words = try Files.words(start.folders.words).overridden(by: settings.words)
      let model = try decode(PrinterModel.self, try model(start))
      let bitmap = SlipLayout(paper: model.paper).bitmap(of: slip.slip(words, language, settings))
      let picture = Array("P4\n\(bitmap.width) \(bitmap.height)\n".utf8) + bitmap.rows
      try Files.writeSecret(picture, to: out)
    }

    /// The file of the likeliest model at the printer's place.
    private func model(_ start: StartFile) throws -> String {
      guard let name = start.places.of(.receiptPrinter).values.first?.models.first else {
        throw Refusal("the start-up file has no place for the receiptPrinter")
      }
      return "\(start.folders.models(of: .receiptPrinter))/\(name)/\(name).json"
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ path: String) throws -> Value {
      let bytes = try Files.bytes(path)
      do throws(JSONFault) {
        return try StrictJSON.decode(type, from: bytes)
      } catch {
        throw Refusal("\(path): \(error)")
      }
    }
  }
}

extension Language: ExpressibleByArgument {}
