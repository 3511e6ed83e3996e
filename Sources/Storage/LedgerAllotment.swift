// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// The allotment that one ledger numbers from, chosen once and kept in it.
struct LedgerAllotment {
  let file: DurableDatabase
  let record: AllotmentRecord

  /// What a ledger says of itself.
  struct Own: Sendable {
    /// In use, and the enrolment (by its first allotment) for which it was chosen.
    var inUse: (allotment: Allotment, enrolment: Allotment)?
    /// Of the numbers it has given.
    var numbered: [Allotment]

    /// A ledger stays with its allotment as long as the enrolment stays. A new ledger, or
    /// one that has seen another enrolment, takes the next that no ledger has used; nil
    /// when none is left.
    func choice(_ numbering: Numbering, used: [Allotment]) -> Allotment? {
      if let inUse, inUse.enrolment == numbering.allotment { return inUse.allotment }
      // A ledger from before allotments were kept has numbered from the enrolment's own.
      if inUse == nil, numbered.contains(numbering.allotment) { return numbering.allotment }
      return ([numbering.allotment] + numbering.spares)
        .first { !used.contains($0) && !numbered.contains($0) }
    }
  }

  /// The allotment to number from. The ledger keeps it first and the record after: a
  /// power cut between the two uses nothing up, and no number was given yet.
  func choose(_ numbering: Numbering) async throws -> Allotment? {
    let used = try record.used()
    let own = try await own()
    let chosen = own.choice(numbering, used: used)
    if let chosen, own.inUse?.allotment != chosen || own.inUse?.enrolment != numbering.allotment {
      try await keep(chosen, numbering.allotment)
    }
    let all = own.numbered + [own.inUse?.allotment, chosen].compactMap { $0 }
    let unrecorded = all.reduce(into: used) { if !$0.contains($1) { $0.append($1) } }
    if unrecorded.count > used.count { try record.keep(unrecorded) }
    return chosen
  }

  private func own() async throws(StoreFault) -> Own {
    try await file.read { database in
      let inUse = try Row.fetchOne(database, sql: "SELECT text, enrolment FROM allotment").map { row in
        (allotment: try row.allotment("text"), enrolment: try row.allotment("enrolment"))
      }
      let numbered = try Row.fetchAll(database, sql: "SELECT DISTINCT allotment FROM sequence")
        .map { try $0.allotment("allotment") }
      return Own(inUse: inUse, numbered: numbered)
    }
  }

  private func keep(_ chosen: Allotment, _ enrolment: Allotment) async throws(StoreFault) {
    try await file.write { database in
      try database.execute(
        sql: """
          INSERT INTO allotment (row, text, enrolment) VALUES (1, ?, ?)
          ON CONFLICT DO UPDATE SET text = excluded.text, enrolment = excluded.enrolment
          """, arguments: [chosen.text, enrolment.text])
    }
  }
}
