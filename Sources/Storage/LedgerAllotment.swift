// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records

/// What one ledger numbers from: its allotment, chosen once and kept in it, and how far each
/// day's numbers have gone.
struct LedgerAllotment: Sendable {
  /// In use, and the enrolment (by its first allotment) for which it was chosen.
  var inUse: (allotment: Allotment, enrolment: Allotment)?
  /// The newest sequence of each day, for every allotment of this ledger's numbers.
  var last: [Allotment: [Day: Int]]

  init(_ database: Database) throws {
    inUse = try Row.fetchOne(database, sql: "SELECT text, enrolment FROM allotment").map { row in
      (allotment: try row.allotment("text"), enrolment: try row.allotment("enrolment"))
    }
    last = try Row.fetchAll(database, sql: "SELECT allotment, day, last FROM sequence")
      .reduce(into: [:]) { last, row in
        guard let day = Day(digits: try row.value("day") as String) else { throw StoreFault.broken }
        last[try row.allotment("allotment"), default: [:]][day] = try row.value("last") as Int
      }
  }

  /// A ledger stays with its allotment as long as the enrolment stays. A new ledger, or one
  /// that has seen another enrolment, takes the next that no ledger has used; nil when none
  /// is left.
  func choice(_ numbering: Numbering, used: [Allotment]) -> Allotment? {
    if let inUse, inUse.enrolment == numbering.allotment { return inUse.allotment }
    return ([numbering.allotment] + numbering.spares)
      .first { !used.contains($0) && last[$0] == nil && inUse?.allotment != $0 }
  }

  /// Every allotment this ledger has to do with, that the record must name.
  func all(with chosen: Allotment?) -> [Allotment] {
    last.keys.sorted { $0.text < $1.text } + [inUse?.allotment, chosen].compactMap { $0 }
  }

  func isNew(_ chosen: Allotment, _ numbering: Numbering) -> Bool {
    inUse?.allotment != chosen || inUse?.enrolment != numbering.allotment
  }

  static func keep(_ chosen: Allotment, for numbering: Numbering, in database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO allotment (row, text, enrolment) VALUES (1, ?, ?)
        ON CONFLICT DO UPDATE SET text = excluded.text, enrolment = excluded.enrolment
        """, arguments: [chosen.text, numbering.allotment.text])
  }

  /// Counts what the marks of `allotment` pass over as neither filed nor a gap.
  func skip(to marks: [Day: Int], of allotment: Allotment, in database: Database) throws -> Int {
    var skipped = 0
    for (day, mark) in marks.sorted(by: { $0.key < $1.key }) {
      let last = self.last[allotment]?[day] ?? 0
      guard mark > last else { continue }
      try database.execute(
        sql: """
          INSERT INTO sequence (allotment, day, last, filed, skipped) VALUES (?, ?, ?, 0, ?)
          ON CONFLICT DO UPDATE SET last = excluded.last, skipped = skipped + excluded.skipped
          """, arguments: [allotment.text, day.digits, mark, mark - last])
      skipped += mark - last
    }
    return skipped
  }
}
