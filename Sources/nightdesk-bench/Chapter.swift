// SPDX-License-Identifier: Apache-2.0

/// A named group of measurements. A new one is a line in `all`.
struct Chapter: Sendable {
  let name: String
  /// Each gives the rows of one measured thing.
  let parts: [@Sendable (Workshop) async throws -> [Row]]

  static let all = [
    Chapter(
      name: "ledger",
      parts: [
        LedgerSealing.measure, LedgerFiling.measure, LedgerWriters.measure, LedgerSyncs.measure,
        LedgerReady.measure, LedgerCurve.measure,
      ]),
    Chapter(name: "delivery", parts: [Drain.measure, NetworkBack.measure]),
    Chapter(
      name: "centre", parts: [CentreIngest.measure, CentreDoor.measure, CentreMillion.measure]),
  ]

  func measure(_ workshop: Workshop) async throws -> [Row] {
    var rows: [Row] = []
    for part in parts { rows += try await part(workshop) }
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
