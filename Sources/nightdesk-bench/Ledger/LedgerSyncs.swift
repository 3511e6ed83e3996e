// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How often a filing waits for the disk, counted by strace (strace(1)) where there is one.
enum LedgerSyncs {
  static func measure(_ workshop: Workshop) async throws -> [Row] {
    Progress.say("ledger: syncs a filing")
    let few = workshop.count(100, quick: 20)
    var counted: [Double] = []
    if let none = try await syncs(0, workshop), let some = try await syncs(few, workshop),
      let many = try await syncs(3 * few, workshop)
    {
      counted = [Double(many - some) / Double(2 * few)]
      Progress.say("  \(none) syncs without a filing, \(some) with \(few), \(many) with \(3 * few)")
    }
    return [
      Row(
        name: "ledger.syncs",
        what: "fdatasync and fsync calls a filing, between \(few) and \(3 * few) of them, by strace",
        unit: "calls",
        ours: counted, goal: .within(1, 1.1))
    ]
  }

  /// Nil where strace is not there or may not look.
  private static func syncs(_ filings: Int, _ workshop: Workshop) async throws -> Int? {
    let strace = "/usr/bin/strace"
    guard FileManager.default.isExecutableFile(atPath: strace) else { return nil }
    let folder = try workshop.folder.inner("syncs")
    defer { folder.remove() }
    let trace = workshop.folder.file("trace")
    let child = try Child.start(
      strace,
      [
        "-f", "-qq", "-e", "trace=fdatasync,fsync", "-e", "signal=none", "-o", trace, workshop.program,
        "part", "filer", folder.path, "\(filings)", "--plainly",
      ])
    guard try await child.gone() == 0, let lines = try? String(contentsOfFile: trace, encoding: .utf8) else {
      return nil
    }
    // A call that another thread's interrupts stands on two lines.
    return lines.split(separator: "\n").filter { $0.contains("sync(") && !$0.contains("resumed") }.count
  }
}
