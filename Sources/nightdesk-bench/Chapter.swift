// SPDX-License-Identifier: Apache-2.0

/// A named group of measurements. A new one is a line in `all`.
struct Chapter: Sendable {
  /// One thing that is measured; gives the rows of it.
  typealias Measurement = @Sendable (Workshop) async throws -> [Row]

  let name: String
  /// In the order in which they are made.
  let parts: [(name: String, measure: Measurement)]

  static let all = [
    Chapter(
      name: "ledger",
      parts: [
        ("seal", LedgerSealing.measure), ("filing", LedgerFiling.measure),
        ("writers", LedgerWriters.measure), ("syncs", LedgerSyncs.measure),
        ("ready", LedgerReady.measure), ("curve", LedgerCurve.measure),
      ]),
    Chapter(
      name: "delivery", parts: [("drain", Drain.measure), ("network-back", NetworkBack.measure)]),
    Chapter(
      name: "centre",
      parts: [
        ("ingest", CentreIngest.measure), ("door", CentreDoor.measure), ("million", CentreMillion.measure),
      ]),
    Chapter(
      name: "devices",
      parts: [
        ("reading", CardReading.measure), ("waiting", CardWaiting.measure), ("replugs", Replugging.measure),
        ("faults", FaultyReads.measure),
      ]),
  ]

  /// What can be asked for: a whole chapter, or one part of it as `ledger.filing`.
  static var names: [String] { all.flatMap { [$0.name] + $0.names } }

  private var names: [String] { parts.map { "\(name).\($0.name)" } }

  /// - Parameter wanted: names of chapters and parts; none means all.
  func measure(_ wanted: [String], _ workshop: Workshop) async throws -> [Row] {
    var rows: [Row] = []
    for (part, full) in zip(parts, names)
    where wanted.isEmpty || wanted.contains(name) || wanted.contains(full) {
      rows += try await part.measure(workshop)
    }
    return rows
  }
}

/// What every measurement needs to know.
struct Workshop: Sendable {
  /// Fresh, on a real disk, gone afterwards.
  let folder: BenchFolder
  let isQuick: Bool
  let python: String?
  let rivals: String
  /// This program's own file, for the other processes of a measurement.
  let program: String

  var rounds: Int { isQuick ? 2 : 5 }

  /// So many of something, or few when only trying.
  func count(_ whole: Int, quick: Int) -> Int { isQuick ? quick : whole }
}
