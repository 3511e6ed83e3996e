// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records

extension CaseRecord {
  /// All columns that make a record; `belongs` says whether the number is its own.
  private static let columns = """
    row, id, number, kind, follows, terminal, state, belongs, received_at, deliveries, reason,
    owner, due_at, settled_at, case_number, matter, matter_version, filed_at, time_quality,
    assurance, claim_hash, told, rating, first_number, first_claim_hash
    """

  private static let filings = CentreSchema.isFiling

  /// True for what came from the terminal to which the number was given.
  private static let ofTheNumbersTerminal: String = {
    let reasons = RefusalReason.allCases.filter(\.isOfTheNumbersTerminal)
    return "reason IN (\(reasons.map { "'\($0.rawValue)'" }.joined(separator: ", ")))"
  }()

  /// The filing to which `number` belongs; else, of those refused under it, the latest of
  /// the number's own terminal; else, unless the public asks, the latest of any.
  static func find(
    _ number: CaseNumber, public isPublic: Bool, in database: Database
  ) throws -> CaseRecord? {
    for choice in choices(public: isPublic) {
      let statement = try database.cachedStatement(sql: "SELECT \(columns) FROM \(choice)")
      if let row = try Row.fetchOne(statement, arguments: [number.description]) {
        return try CaseRecord(row: row, in: database)
      }
    }
    return nil
  }

  /// The same choice, of the sealed parts.
  static func envelope(_ number: CaseNumber, in database: Database) throws -> Envelope? {
    for choice in choices(public: false) {
      let statement = try database.cachedStatement(sql: "SELECT * FROM \(choice)")
      if let row = try Row.fetchOne(statement, arguments: [number.description]) {
        return try Envelope(row: row)
      }
    }
    return nil
  }

  private static func choices(public isPublic: Bool) -> [String] {
    let own = "envelope WHERE number = ? AND belongs = 1 AND \(filings)"
    let refused = "envelope WHERE number = ? AND state = 'refused' AND \(filings)"
    let latest = "ORDER BY row DESC LIMIT 1"
    let known = "\(refused) AND \(ofTheNumbersTerminal) \(latest)"
    return isPublic ? [own, known] : [own, known, "\(refused) \(latest)"]
  }

  static func page(after cursor: Int64, limit: Int, in database: Database) throws -> [CaseRecord] {
    let statement = try database.cachedStatement(
      sql: "SELECT \(columns) FROM envelope WHERE row > ? AND \(filings) ORDER BY row LIMIT ?")
    return try Row.fetchAll(statement, arguments: [cursor, limit]).map {
      try CaseRecord(row: $0, in: database)
    }
  }

  private init(row: Row, in database: Database) throws {
    guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String),
      let kind = EnvelopeKind(rawValue: row["kind"]), let state = State(stored: row["state"])
    else { throw StoreFault.broken }
    self.row = row["row"]
    self.id = id
    self.number = number
    self.kind = kind
    caseNumber = row["case_number"]
    terminal = row["terminal"]
    reason = (row["reason"] as String?).flatMap { RefusalReason(rawValue: $0) }
    owner = row["owner"]
    due = row.time("due_at")
    settledAt = row.time("settled_at")
    receivedAt = Timestamp(milliseconds: row["received_at"])
    routing = try Routing(row: row)
    deliveries = row["deliveries"]
    told = try Self.told(id, number, in: database)
    let followers = try row["belongs"] ? Self.followers(of: number, kind, in: database) : []
    withdrawnBy = followers.first { $0.kind == .withdrawal }?.follower
    corrections = followers.filter { $0.kind == .correction }.map(\.follower)
    self.state = withdrawnBy == nil ? state : .withdrawn
  }

  /// What the first envelope says that tells of this very filing.
  private static func told(
    _ id: EnvelopeID, _ number: CaseNumber, in database: Database
  ) throws -> Told? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT told FROM envelope
        WHERE number = ? AND kind = 'told' AND belongs = 1 AND instr(follows, ?) > 0
        ORDER BY id LIMIT 1
        """)
    return try String.fetchOne(statement, arguments: [number.description, id.bytes.blob])
      .flatMap { Told(rawValue: $0) }
  }

  /// What took effect on the application with `number`, in the order of filing.
  private static func followers(
    of number: CaseNumber, _ kind: EnvelopeKind, in database: Database
  ) throws -> [(kind: EnvelopeKind, follower: Follower)] {
    guard kind == .application else { return [] }
    let statement = try database.cachedStatement(
      sql: """
        SELECT kind, number, filed_at FROM envelope
        WHERE first_number = ? AND state = 'effective' ORDER BY id
        """)
    return try Row.fetchAll(statement, arguments: [number.description]).map { row in
      guard let kind = EnvelopeKind(rawValue: row["kind"]), let number = CaseNumber(row["number"] as String),
        let at = row.time("filed_at")
      else { throw StoreFault.broken }
      return (kind, Follower(number: number, at: at))
    }
  }
}

extension CaseRecord.State {
  init?(stored: String) {
    switch stored {
    case "effective": self = .received
    case "held": self = .held
    case "refused": self = .refused
    default: return nil
    }
  }
}

extension Routing {
  init?(row: Row) throws {
    guard let filedAt = row.time("filed_at") else { return nil }
    guard let quality = TimeQuality(rawValue: row["time_quality"]),
      let assurance = Assurance(rawValue: row["assurance"])
    else { throw StoreFault.broken }
    self.init(
      matter: row["matter"], matterVersion: row["matter_version"],
      time: QualifiedTime(at: filedAt, quality: quality), assurance: assurance,
      claimHash: row["claim_hash"], told: (row["told"] as String?).flatMap { Told(rawValue: $0) },
      first: (row["first_number"] as String?).flatMap { CaseNumber($0) },
      firstClaimHash: row["first_claim_hash"], rating: row["rating"])
  }
}
