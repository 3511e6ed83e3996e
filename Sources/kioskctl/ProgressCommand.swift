// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Control
import Records
import Upkeep
import Wire

struct ProgressCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress", abstract: "Asks the centre, as a resident may, where an application stands.",
    discussion: "Example: kioskctl progress 320507-00A7-20261121-00033-K --claim 7KQ4-M2XD")

  @OptionGroup var common: Common
  @Option(help: "The claim code on the slip; without it only the state is told.") var claim: ClaimCode?
  @Argument(help: "The number on the slip.") var number: CaseNumber

  func run() async throws {
    let terminal = Terminal(start: try Files.start(common.profile))
    let question = Canonical.encode(ProgressQuestion(number: number, claimCode: claim))
    guard let answer = try await terminal.ask(ProgressAnswer.self, "/v1/progress", posting: question)
    else { throw terminal.silence }
    if common.json { try Output.line(answer) }
    guard let progress = answer.progress else {
      throw Refusal(answer.sentence)
    }
    if !common.json { progress.lines.forEach { print($0) } }
  }
}

extension ProgressAnswer {
  /// Why there is no answer.
  fileprivate var sentence: String {
    switch fault {
    case "unreachable": "the centre cannot be reached; the number is not lost, ask again later"
    case "wrongCode": "the claim code does not belong to this number"
    case "resting": "too many wrong claim codes; ask again in \(seconds ?? 0) seconds"
    default: "the centre's answer was not understood"
    }
  }
}

extension CaseProgress {
  fileprivate var lines: [String] {
    var lines = ["\(number.grouped)  \(state.rawValue)", words.zh, words.en]
    if let matter { lines.append("\(matter.zh)  \(matter.en)") }
    if let filedAt {
      let quality = timeQuality.map { " (\($0.rawValue))" } ?? ""
      lines.append("filed \(LocalTime.dayAndClock(filedAt))\(quality)")
    }
    if let receivedAt { lines.append("received \(LocalTime.dayAndClock(receivedAt))") }
    if let caseNumber { lines.append("case \(caseNumber)") }
    return lines
  }
}

extension CaseNumber: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension ClaimCode: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
