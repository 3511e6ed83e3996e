// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Wire

/// A row of `envelope` before it is written.
struct Entry {
  let arrival: Prepared
  let time: Timestamp
  let earlier: EarlierRefusal?
  var belongs = false
  var isEffective = false
  /// Of its case's number, which the file counts.
  var caseStem: String?
  var refusal: (reason: RefusalReason, due: Timestamp)?
  /// Of an unsigned one: whether it could be a person's application.
  var hopeful: Bool?

  init(_ arrival: Prepared, at time: Timestamp, earlier: EarlierRefusal?) {
    self.arrival = arrival
    self.time = time
    self.earlier = earlier
  }

  private var state: String { refusal != nil ? "refused" : isEffective ? "effective" : "held" }

  @discardableResult
  func insert(into database: Database) throws -> Int64 {
    let statement = try database.cachedStatement(sql: Self.sql)
    // Their number is fixed, and counting them at every envelope is dear.
    statement.setUncheckedArguments(arguments)
    try statement.execute()
    return database.lastInsertedRowID
  }

  private static let sql = """
    INSERT INTO envelope (row, id, digest, number, kind, follows, terminal, state, belongs,
      received_at, deliveries, reason, owner, due_at, settled_at, note, sender, hopeful,
      case_number, matter, matter_version, filed_at, time_quality, assurance, claim_hash, told,
      rating, first_number, first_claim_hash, signature, header, routing, content)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
      \(CentreSchema.nextCaseNumber("?19")), ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30,
      ?31, ?32, ?33)
    """

  private var arguments: StatementArguments {
    let routing = arrival.arrival.routing
    let isRefused = refusal != nil
    return [
      earlier?.row, arrival.id, arrival.digest, arrival.number, arrival.kind.rawValue,
      arrival.follows, arrival.arrival.header.terminal, state, belongs,
      earlier?.receivedAt ?? time.milliseconds, (earlier?.deliveries ?? 0) + 1,
      refusal?.reason.rawValue, isRefused ? "clerk" : nil, refusal?.due.milliseconds,
      isRefused ? earlier?.settledAt : nil, isRefused ? earlier?.note : nil,
      hopeful == nil ? nil : arrival.sender, hopeful, caseStem, routing?.matter,
      routing?.matterVersion, routing?.time.at.milliseconds, routing?.time.quality.rawValue,
      routing?.assurance.rawValue, routing?.claimHash, routing?.told?.rawValue, routing?.rating,
      arrival.firstNumber, routing?.firstClaimHash, arrival.signature, arrival.header,
      arrival.routing, arrival.content,
    ]
  }
}

/// What stays of a refusal when the same bytes come again: their place, the debt's due time,
/// and what was done about it.
struct EarlierRefusal {
  let row: Int64
  let receivedAt: Int64
  let reason: RefusalReason
  let due: Timestamp
  let deliveries: Int
  private(set) var settledAt: Int64?
  private(set) var note: String?

  init?(of arrival: Prepared, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT row, received_at, reason, due_at, deliveries, settled_at, note FROM envelope
        WHERE id = ? AND digest = ? AND state = 'refused'
        """)
    guard let found = try Row.fetchOne(statement, arguments: [arrival.id, arrival.digest]) else {
      return nil
    }
    guard let reason = RefusalReason(rawValue: found["reason"]) else { throw StoreFault.broken }
    row = found["row"]
    receivedAt = found["received_at"]
    self.reason = reason
    due = Timestamp(milliseconds: found["due_at"])
    deliveries = found["deliveries"]
    settledAt = found["settled_at"]
    note = found["note"]
  }

  func unsettled() -> EarlierRefusal {
    var open = self
    open.settledAt = nil
    open.note = nil
    return open
  }

  func forget(in database: Database) throws {
    try database.run("DELETE FROM envelope WHERE row = ?", [row])
  }
}
