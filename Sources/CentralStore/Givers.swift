// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Synchronization

/// To whom each block of numbers was given. Never changes once it is on the disk, so it is
/// remembered; what a transaction read is learned only after its commit.
final class Givers: Sendable {
  struct Giver: Hashable, Sendable {
    let terminal: String
    let area: String
  }

  private let known = Mutex<[String: Giver]>([:])

  func known(of arrivals: [Prepared]) -> [String: Giver] {
    known.withLock { known in
      var found: [String: Giver] = [:]
      for arrival in arrivals {
        let allotment = arrival.envelope.number.allotment.text
        found[allotment] = known[allotment]
      }
      return found
    }
  }

  func learn(_ givers: [String: Giver]) { known.withLock { $0.merge(givers) { $1 } } }

  /// Nil when nobody has got `allotment` yet.
  static func find(_ allotment: Allotment, in database: Database) throws -> Giver? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT terminal, area FROM allotment JOIN enrolment ON enrolment.row = allotment.enrolment
        WHERE text = ?
        """)
    return try Row.fetchOne(statement, arguments: [allotment.text]).map {
      Giver(terminal: $0["terminal"], area: $0["area"])
    }
  }
}
