// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

extension SQLiteCaseStore {
  public func keepAudit(
    _ head: AuditHead, of terminal: String, at time: Timestamp
  ) async throws(StoreFault) -> AuditStanding {
    // Most heads are those that are held: they cost no write.
    let held = try await file.read { try HeldAudit(of: terminal, in: $0) }
    if held.isCut { return .cut }
    if held.head == head, held.doubtedAt == nil { return .held }
    return try await file.write { database in
      let held = try HeldAudit(of: terminal, in: database)
      if held.isCut { return .cut }
      switch held.verdict(on: head, at: time) {
      case .continues:
        try database.run(
          "UPDATE terminal SET audit_entries = ?, audit_chain = ?, doubted_at = NULL WHERE name = ?",
          [head.entries, head.chain, terminal])
        return .held
      case .doubtful:
        try database.run(
          "UPDATE terminal SET doubted_at = coalesce(doubted_at, ?) WHERE name = ?",
          [time.milliseconds, terminal])
        return .held
      case .cut:
        try database.run(
          "UPDATE terminal SET cut_entries = ?, cut_chain = ?, cut_at = ? WHERE name = ?",
          [head.entries, head.chain, time.milliseconds, terminal])
        return .cut
      }
    }
  }

  public func terminals() async throws(StoreFault) -> [TerminalRecord] {
    let sightings = sightings
    return try await file.read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT name, seen_at, audit_entries, audit_chain, cut_at, doubted_at,
            (SELECT count(*) FROM enrolment WHERE terminal = name) AS enrolments,
            (SELECT area FROM enrolment WHERE terminal = name ORDER BY row DESC LIMIT 1) AS area,
            (SELECT max(row) FROM certificate WHERE terminal = name) AS certificate
          FROM terminal ORDER BY name
          """)
      return try rows.map { row in
        let certificate = try (row["certificate"] as Int64?).map { row in
          try IssuedCertificate.find("row = ?", [row], in: database)
        }
        return TerminalRecord(
          name: row["name"], area: row["area"], enrolments: row["enrolments"],
          lastSeen: [sightings.latest(row["name"]), row.time("seen_at")].compactMap { $0 }.max(),
          audit: HeldAudit(row: row).head, auditCut: HeldAudit(row: row).isCut,
          certificate: certificate ?? nil)
      }
    }
  }

  public func seen(_ terminal: String, at time: Timestamp) { sightings.note(terminal, at: time) }

  public func certified(
    _ certificate: IssuedCertificate, at time: Timestamp
  ) async throws(StoreFault) {
    try await file.write { database in
      try database.run(
        """
        INSERT INTO certificate (fingerprint, serial, terminal, not_after, issued_at)
        VALUES (?, ?, ?, ?, ?) ON CONFLICT (fingerprint) DO NOTHING
        """,
        [
          certificate.fingerprint, certificate.serial, certificate.terminal,
          certificate.notAfter.milliseconds, time.milliseconds,
        ])
    }
  }

  public func certificate(
    fingerprint: String
  ) async throws(StoreFault) -> IssuedCertificate? {
    try await file.read { try IssuedCertificate.find("fingerprint = ?", [fingerprint], in: $0) }
  }

  public func revoke(terminal: String, at time: Timestamp) async throws(StoreFault) -> Int {
    try await file.write { database in
      try database.run(
        "UPDATE certificate SET revoked_at = ? WHERE terminal = ? AND revoked_at IS NULL",
        [time.milliseconds, terminal])
      return database.changesCount
    }
  }
}

extension IssuedCertificate {
  static func find(
    _ condition: String, _ arguments: StatementArguments, in database: Database
  ) throws -> IssuedCertificate? {
    let statement = try database.cachedStatement(sql: "SELECT * FROM certificate WHERE \(condition)")
    return try Row.fetchOne(statement, arguments: arguments).map { row in
      IssuedCertificate(
        fingerprint: row["fingerprint"], serial: row["serial"], terminal: row["terminal"],
        notAfter: Timestamp(milliseconds: row["not_after"]), revokedAt: row.time("revoked_at"))
    }
  }
}

/// What the centre holds of a terminal's audit chain.
private struct HeldAudit {
  enum Verdict { case continues, doubtful, cut }

  /// A terminal shows its head every fifteen seconds; what was held up on its way is older.
  private static let doubtSeconds: Int64 = 60

  var head: AuditHead?
  var isCut = false
  var doubtedAt: Timestamp?

  init(row: Row?) {
    isCut = row?.time("cut_at") != nil
    doubtedAt = row?.time("doubted_at")
    guard let entries = row?["audit_entries"] as Int?, let chain = row?["audit_chain"] as String?
    else { return }
    head = AuditHead(entries: entries, chain: chain)
  }

  init(of terminal: String, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "SELECT audit_entries, audit_chain, cut_at, doubted_at FROM terminal WHERE name = ?")
    self.init(row: try Row.fetchOne(statement, arguments: [terminal]))
  }

  func verdict(on next: AuditHead, at time: Timestamp) -> Verdict {
    guard let head, next != head else { return .continues }
    if next.entries != head.entries { return next.entries > head.entries ? .continues : shorter(at: time) }
    return .cut
  }

  private func shorter(at time: Timestamp) -> Verdict {
    guard let doubtedAt else { return .doubtful }
    return time < doubtedAt.advanced(bySeconds: Self.doubtSeconds) ? .doubtful : .cut
  }
}
