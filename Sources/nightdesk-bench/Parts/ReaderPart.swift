// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Simulators

/// A simulated reader in a process of its own, told by lines what happens to it: `put N`,
/// `take`, `fault KIND [REQUEST]` (command and parameter in hexadecimal). Answers each with `done`.
struct ReaderPart: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "reader")

  @Argument(help: "The link to its line.") var link: String

  func run() async throws {
    let events = EventLog { 0 }
    let host = try ReaderHost(link: link, events: events)
    defer { host.stop() }
    host.set { $0.findsReadCardAgain = true }
    Speech.say("ready")
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      switch (words.first, words.last.flatMap { Int($0) }) {
      case ("put", let number?): host.put(Self.cards[number % Self.cards.count])
      case ("take", _): host.take()
      case ("fault", _): fault(words).map { host.fail($0) }
      default: throw BenchFault("a reader knows no order \(line)")
      }
      Speech.say("done")
    }
  }

  private func fault(_ words: [String]) -> ReaderFault? {
    let request = words.count > 2 ? UInt16(words[2], radix: 16).flatMap { ReaderCommand(rawValue: $0) } : nil
    return words.dropFirst().first.flatMap(ReaderFault.Kind.init).map { ReaderFault($0, on: request) }
  }

  /// Invented people with the specimen numbers of GB 11643.
  static let cards = [
    SimulatedCard(
      name: "王样张", sex: "1", ethnicity: "01", birth: "19491231", address: "苏州市样张路1号",
      idNumber: "11010519491231002X", issuer: "苏州市公安局", validFrom: "20200101", validTo: "长期"),
    SimulatedCard(
      name: "赵样张", sex: "2", ethnicity: "56", birth: "18800101", address: "苏州市样张村二组",
      idNumber: "440524188001010014", issuer: "苏州市公安局", validFrom: "20160229", validTo: "20360228"),
  ]
}
