// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Central
import Foundation
import Records
import Wire

struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Take in what was carried here from a terminal.",
    discussion: """
      The file is what `kioskctl outbox export` wrote. Taking it in again is harmless.
      Example: centrald import T0012.export --data DIR --centre http://127.0.0.1:40005
      """)

  /// Envelopes sent in one request.
  private static let atOnce = 200

  @OptionGroup var folder: DataFolder
  @Argument(help: "The exported file.") var file: String
  @Option(help: "URL of the centre's door for clerks.") var centre: String

  func run() async throws {
    let bytes = try Files.read(file)
    let parts = try Self.parts(of: bytes, named: file)
    let token = try folder.text(.clerkToken)
    var counts: [String: Int] = [:]
    try await CentreClient.with(centre) { client in
      for part in parts {
        let answer = try await client.body(
          of: CentreQuestion(isPost: true, path: "/v1/imports", token: token, body: part))
        let reply = try JSONDecoder().decode(Reply.self, from: Data(answer))
        for verdict in reply.verdicts {
          counts[verdict.verdict.rawValue, default: 0] += 1
          guard verdict.verdict == .refused else { continue }
          Main.say("refused: \(verdict.id) \(verdict.reason ?? "")")
        }
      }
    }
    let words = ["stored", "already", "refused"].map { "\($0) \(counts[$0, default: 0])" }
    Main.say(words.joined(separator: ", "))
    if counts["refused", default: 0] > 0 {
      throw Refusal("what was refused is kept, each as a task for a clerk")
    }
  }

  private struct Reply: Decodable { var verdicts: [VerdictMessage] }

  /// The file as several of the same form, each small enough for one request.
  private static func parts(of bytes: [UInt8], named file: String) throws -> [[UInt8]] {
    let head: ExportFile.Head
    do throws(WireFault) {
      head = try ExportFile.read(bytes).0
    } catch {
      throw Refusal("\(file) is no export, or not whole: \(error)")
    }
    let lines = bytes.split(separator: 10).dropFirst()
    return stride(from: 0, to: lines.count, by: atOnce).map { start in
      let some = lines.dropFirst(start).prefix(atOnce)
      let first = ExportFile.Head(
        terminal: head.terminal, at: head.at, envelopes: some.count, audit: nil)
      return some.reduce(into: ExportFile.line(first)) { $0 += $1 + [10] }
    }
  }
}
