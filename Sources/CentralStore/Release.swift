// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records

/// Lets go what was held for an envelope that is here now.
struct Release {
  let intake: Intake
  private var database: Database { intake.database }

  init(intake: Intake) { self.intake = intake }

  func after(_ arrival: Prepared) throws {
    let waiting = try Int64.fetchAll(
      database.cachedStatement(sql: "SELECT row FROM awaited WHERE id = ?"), arguments: [arrival.id])
    try database.run("DELETE FROM awaited WHERE id = ?", [arrival.id])
    var rows = Set(waiting)
    if arrival.kind.isFiling {
      let about = try database.cachedStatement(
        sql: "SELECT row FROM envelope WHERE first_number = ? AND state = 'held'")
      rows.formUnion(try Int64.fetchAll(about, arguments: [arrival.number]))
    }
    for row in rows.sorted() { try lookAgain(row) }
  }

  /// A held envelope becomes effective when nothing is missing any more, and refused as soon
  /// as the application it names is here and does not bear it out.
  private func lookAgain(_ row: Int64) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT number, kind, first_number, first_claim_hash, claim_hash, filed_at, time_quality,
          assurance, matter, matter_version, told, rating FROM envelope
        WHERE row = ? AND state = 'held'
        """)
    guard let held = try Row.fetchOne(statement, arguments: [row]) else { return }
    let kind = EnvelopeKind(rawValue: held["kind"])
    if kind == .withdrawal || kind == .correction {
      let first = try Circumstances.First(number: held["first_number"], in: database)
      guard first != .missing, let routing = try Routing(row: held) else { return }
      if let objection = first.objection(to: routing) { return try refuse(row, objection) }
    }
    if try database.exists("SELECT 1 FROM awaited WHERE row = ?", [row]) { return }
    let area = String((held["number"] as String).prefix(6))
    try database.run(
      """
      UPDATE envelope SET state = 'effective', case_number = \(CentreSchema.nextCaseNumber("?1"))
      WHERE row = ?2
      """, [kind == .application ? intake.caseStem(in: area) : nil, row])
  }

  /// Its number stays its own: whoever holds it is told.
  private func refuse(_ row: Int64, _ reason: RefusalReason) throws {
    try database.run("DELETE FROM awaited WHERE row = ?", [row])
    try database.run(
      """
      UPDATE envelope SET state = 'refused', reason = ?, owner = 'clerk',
        due_at = max(?, received_at + 1)
      WHERE row = ?
      """, [reason.rawValue, intake.due.milliseconds, row])
  }
}
