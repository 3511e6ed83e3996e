// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension Ledger {
  /// Reads the whole file and tells what is wrong with it: what SQLite finds in its pages,
  /// rows that cannot be read (they stay where they are and are not carried), seals, counts
  /// and the audit chain. Filings go on meanwhile. Throws when not even the counts can be read.
  ///
  /// - Parameter seal: what is wrong with the hashes or the signature of one envelope, in
  ///   English; nil when nothing is.
  public func check(
    seal: @escaping @Sendable (Envelope) -> String?
  ) async throws(StoreFault) -> LedgerReport {
    var damage = await findings { try LedgerCheck.pages($0) }
    damage += await findings { try LedgerCheck.sums($0) }
    damage += await findings { try AuditChain.damage(in: $0) }
    damage += await envelopes(seal)
    return try await file.read { [damage] database in
      func sum(_ columns: String) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT sum(\(columns)) FROM sequence") ?? 0
      }
      return LedgerReport(
        counts: try LedgerCounts(database), damage: damage,
        gaps: try sum("last - filed - skipped"), pruned: try sum("pruned"),
        audit: try AuditChain.head(in: database))
    }
  }

  /// A look that damage ends is a finding too.
  private func findings(_ look: @escaping @Sendable (Database) throws -> [String]) async -> [String] {
    do throws(StoreFault) {
      return try await file.read(look)
    } catch {
      return ["a page cannot be read"]
    }
  }

  /// In parts, so that the log is not held back by one long look.
  private func envelopes(_ seal: @escaping @Sendable (Envelope) -> String?) async -> [String] {
    var looking = EnvelopeCheck(seal: seal)
    while !looking.isDone {
      let before = looking
      let after = try? await file.read { database in
        var looking = before
        try looking.goOn(in: database)
        return looking
      }
      guard let after else { return looking.lines + ["the envelopes cannot be walked through"] }
      looking = after
    }
    return looking.lines
  }
}

enum LedgerCheck {
  static func pages(_ database: Database) throws -> [String] {
    let found = try String.fetchAll(database, sql: "PRAGMA integrity_check(20)")
    let orphans = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
    return found.filter { $0 != "ok" } + (orphans == 0 ? [] : ["\(orphans) rows without a parent"])
  }

  /// What is counted beside the rows against the rows themselves.
  static func sums(_ database: Database) throws -> [String] {
    let counts = try LedgerCounts(database)
    func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
    let pairs = [
      (
        "filings", counts.filed, "envelope WHERE \(LedgerSchema.isFiling)"
      ),
      ("sent rows", counts.sent, "settled WHERE state = 'sent'"),
      ("refused rows", counts.refused, "settled WHERE state = 'refused'"),
    ]
    let lines = try pairs.compactMap { name, kept, source in
      let found = try count("SELECT count(*) FROM \(source)")
      return found == kept ? nil : "\(found) \(name) are there, \(kept) were counted"
    }
    let stray = try count(
      """
      SELECT count(*) FROM envelope WHERE (SELECT count(*) FROM outbox WHERE row = envelope.row)
        + (SELECT count(*) FROM settled WHERE row = envelope.row) <> 1
      """)
    return lines + (stray == 0 ? [] : ["\(stray) rows neither wait nor are settled, or both"])
  }
}

/// Looks at every envelope: by what waits, by what is settled and by the table itself, since
/// each may have lost the way to some.
struct EnvelopeCheck: Sendable {
  private static let atOnce = 500
  private static let linesAtMost = 20

  let seal: @Sendable (Envelope) -> String?
  private(set) var isDone = false
  private var at: Int64 = 0
  private var findings = 0
  private var first: [String] = []

  init(seal: @escaping @Sendable (Envelope) -> String?) { self.seal = seal }

  /// The first of what was found, and how much more there is.
  var lines: [String] {
    first + (findings > first.count ? ["and \(findings - first.count) rows more"] : [])
  }

  mutating func goOn(in database: Database) throws {
    for _ in 0..<Self.atOnce {
      var walks = ["outbox", "settled", "envelope"].map { DamagedTable($0).walk(after: at) }
      let next = try walks.indices.compactMap { try walks[$0].next(in: database) }.min()
      guard let next else {
        isDone = true
        return
      }
      at = next
      try look(at: next, database)
    }
  }

  private mutating func look(at row: Int64, _ database: Database) throws {
    guard let envelope = try Envelope.readable(at: row, in: database) else {
      return add("envelope row \(row) cannot be read and is not carried")
    }
    if let fault = seal(envelope) { add("envelope row \(row): \(fault)") }
  }

  private mutating func add(_ line: String) {
    findings += 1
    if first.count < Self.linesAtMost { first.append(line) }
  }
}
