// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation

struct Measure: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the named measurements; none named means all.",
    discussion: """
      Prints a table; --json writes one object a line. Exit 0 when every goal held, 1 when one \
      did not. Example: nightdesk-bench ledger.filing --quick --json out.json
      """)

  @Argument(help: "Any of: \(Chapter.names.joined(separator: " "))") var names: [String] = []
  @Option(help: "File for the rows, one JSON object a line.") var json: String?
  @Flag(help: "Small counts, to see that it runs. The figures mean nothing.") var quick = false
  @Option(help: "Folder on a real disk; the bench works in a fresh one inside it.") var folder = "."
  @Option(help: "Python that has the rivals' packages; without one their places stay empty.")
  var python: String?
  @Option(help: "Folder of the rivals.") var rivals = "Kiosk/BenchRivals"

  func validate() throws {
    for name in names where !Chapter.names.contains(name) {
      throw ValidationError("there is no measurement \(name)")
    }
  }

  func run() async throws {
    let folder = try BenchFolder.make(in: folder)
    defer { folder.remove() }
    let workshop = Workshop(
      folder: folder, isQuick: quick, python: python, rivals: rivals, program: try OwnProgram.path())
    let rows = try await Self.measure(names, workshop)
    print(Table.text(of: rows))
    if let json { try Self.write(rows, to: json) }
    if rows.contains(where: { $0.held == false }) { throw ExitCode(1) }
  }

  /// Off the main thread, where a real daemon's work would be.
  @concurrent private static func measure(
    _ names: [String], _ workshop: Workshop
  ) async throws -> [Row] {
    var rows: [Row] = []
    for chapter in Chapter.all { rows += try await chapter.measure(names, workshop) }
    return rows
  }

  private static func write(_ rows: [Row], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let lines = try rows.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
    try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: path))
  }
}
