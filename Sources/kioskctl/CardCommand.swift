// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CardReaders
import Foundation

struct CardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card", abstract: "What card readers say.", subcommands: [Decode.self])

  struct Decode: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reads reply frames of a card reader, as hexadecimal digits, and says what each says.",
      discussion: """
        FILE holds whole frames (AA AA AA 96 69 …), with spaces and line breaks anywhere; what stands
        behind a # on a line is a comment. Each frame becomes lines of key and value: kind, name,
        nameEnglish, sex, ethnicity, birth, address, id, issuer, validFrom, validTo, passNumber,
        issueCount, nationality, fingerprintBytes, samID, status; what a card lacks is absent. A frame
        that is none says error: checksum, short, length or inner length. The person is masked unless
        --show-personal is given; fingerprints and photos are never shown.
        Exit status: 0 all frames were read, 1 some were not, 2 used wrongly.
        Example: echo "AAAAAA9669 0004 000080 84  # nothing lies there" | kioskctl card decode -
        """)

    @Flag(help: "Show name, number, address and the like in full.") var showPersonal = false
    @Flag(help: "Print facts as JSON, one object a frame.") var json = false
    @Argument(help: "The frames; - reads them from standard input.") var file: String

    func run() throws {
      let text = file == "-" ? Array(FileHandle.standardInput.readDataToEndOfFile()) : try Files.bytes(file)
      let reports = FrameReport.all(in: try bytes(text))
      if reports.isEmpty { throw Refusal("there is no frame in it") }
      for (index, report) in reports.enumerated() {
        if json {
          try Output.line(JSONReport(report: report, showPersonal: showPersonal))
        } else {
          if index > 0 { print() }
          for fact in report.facts { print("\(fact.key): \(showPersonal ? fact.value : fact.masked)") }
        }
      }
      guard reports.allSatisfy({ $0.fault == nil }) else { throw ExitCode(1) }
    }

    private func bytes(_ text: [UInt8]) throws -> [UInt8] {
      do throws(HexText.Fault) {
        return try HexText.bytes(text)
      } catch {
        throw ValidationError(
          error.isOddCount
            ? "The number of hexadecimal digits is odd."
            : "Line \(error.line) holds something else than hexadecimal digits and comments.")
      }
    }
  }
}

private struct JSONReport: Encodable {
  let report: FrameReport
  let showPersonal: Bool

  private struct Key: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  func encode(to encoder: any Encoder) throws {
    var object = encoder.container(keyedBy: Key.self)
    for fact in report.facts {
      let key = Key(stringValue: fact.key)
      if fact.key == "fingerprintBytes", let count = Int(fact.value) {
        try object.encode(count, forKey: key)
      } else {
        try object.encode(showPersonal ? fact.value : fact.masked, forKey: key)
      }
    }
  }
}
