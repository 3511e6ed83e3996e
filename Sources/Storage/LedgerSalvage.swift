// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Glibc
import Records

/// What a salvage brought.
public struct SalvageReport: Hashable, Sendable, Codable {
  /// Envelopes that are in the new ledger.
  public var read: Int
  /// Of these, those that wait for the centre.
  public var waiting: Int
  /// Envelopes that were not at the centre and could not be read; a number that somebody
  /// holds may be among them.
  public var lostUnsent: Int
  /// Filings that the ledger had counted and that were not found; nil when its counts could
  /// not be read.
  public var lostFilings: Int?
  /// Where the old file lies, whole, with its log.
  public var aside: String
}

/// Makes a new ledger of what can still be read of a broken one.
public enum LedgerSalvage {
  /// Moves the broken file with its log aside, whole, and puts a new ledger in its place,
  /// which will number from an allotment that was never used. Killed at any point it can be
  /// run again and goes on; until it has ended, no ledger opens at `path`.
  ///
  /// - Parameters:
  ///   - aside: the folder that the old file goes to, on the same disk; made when absent.
  ///   - seal: what is wrong with an envelope; of several copies of one envelope a sound one
  ///     is taken. All that can be read go into the new ledger: the centre judges.
  public static func salvage(
    path: String, record: String, aside: String, clock: any WallTime, chance: any RandomSource,
    seal: @escaping @Sendable (Envelope) -> String? = { _ in nil }
  ) async throws(OpenFault) -> SalvageReport {
    let lock = try OwnerLock.take(path + ".lock")
    defer { lock.release() }
    let swap = SalvageSwap(path: path, folder: aside)
    if try !swap.isBegun() { try refuseNewer(path) }
    let old = try swap.moveAside(at: clock.now().at)
    let source = try RawFile(path: old)
    var rows = SalvagedRows(seal: seal)
    source.each { rows.take($1, at: $0) }
    try remember(rows, in: AllotmentRecord(path: record))
    let report = try await build(rows, source, swap, old, clock.now())
    try swap.putInPlace()
    return report
  }

  /// A file of a form that this program does not know is whole for the program that does.
  private static func refuseNewer(_ path: String) throws(OpenFault) {
    guard access(path, F_OK) == 0 else { return }
    var names: Set<String> = []
    try RawFile(path: path).each { _, record in
      // The names of the steps begin with their numbers.
      guard record.row != nil, record.values.count == 1, let name = record.values[0].string,
        name.split(separator: " ").first.flatMap({ Int($0) }) != nil
      else { return }
      names.insert(name)
    }
    if Migration.isNewer(names, than: LedgerSchema.migrations) { throw .newer }
  }

  private static func build(
    _ rows: SalvagedRows, _ source: RawFile, _ swap: SalvageSwap, _ old: String, _ time: QualifiedTime
  ) async throws(OpenFault) -> SalvageReport {
    do {
      let file = try DurableDatabase.open(
        path: swap.new, migrations: LedgerSchema.migrations, layingLog: false, outcomeUnknown: {})
      let ledger = SalvagedLedger(file: file, source: source, rows: rows)
      let read = try await ledger.fill()
      let sure = Set(rows.envelopes.values.map(\.row))
      let report = SalvageReport(
        read: read, waiting: try await file.read { try LedgerCounts($0).waiting },
        lostUnsent: rows.standings.count { $0.value.state != .sent && !sure.contains($0.key) },
        lostFilings: try await ledger.lostFilings(), aside: old)
      try await file.write { database in
        try AuditChain.append(
          AuditEntry("ledger.salvaged", ["read": "\(read)", "lost": "\(report.lostUnsent)"]), at: time,
          to: database)
      }
      try file.close()
      return report
    } catch let fault as OpenFault {
      throw fault
    } catch {
      throw error as? StoreFault == .full ? .full : .cannotOpen("the new ledger cannot be written: \(error)")
    }
  }

  /// The allotments of the old ledger are used up, whatever becomes of it.
  private static func remember(_ rows: SalvagedRows, in record: AllotmentRecord) throws(OpenFault) {
    var contents: AllotmentRecord.Contents
    do throws(OpenFault) {
      contents = try record.read()
    } catch .broken {
      // A record that cannot be read forbids filing by itself.
      return
    }
    let found = rows.allotments.union(rows.sequences.keys.map(\.allotment))
    let new = found.subtracting(contents.used).sorted { $0.text < $1.text }
    guard !new.isEmpty else { return }
    contents.used += new
    try record.keep(contents)
  }
}
