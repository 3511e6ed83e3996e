// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records
import Wire

/// What the file knows that bears on one arrival, asked in one statement.
struct Known {
  let circumstances: Circumstances
  /// Another filing has the number, or another envelope the id.
  let isTaken: Bool
  /// These very bytes are stored; refused.
  let isStored: Bool
  let isRefused: Bool
  /// Something held waits for this one.
  let isAwaited: Bool

  var first: Circumstances.First? { circumstances.first }

  init(of arrival: Prepared, giver: Givers.Giver?, in database: Database) throws {
    let statement = try database.cachedStatement(sql: Self.question)
    let isFiling = arrival.kind.isFiling
    let row = try Row.fetchOne(
      statement,
      arguments: [
        arrival.id, arrival.digest, isFiling ? arrival.number : nil, arrival.arrival.routing?.matter,
      ])
    guard let row else { throw StoreFault.broken }
    let earlier = try (row[0] as Int64?).map { try Self.earlier($0, in: database) }
    let hasNumberTaken = row[2] as Bool
    isRefused = row[1]
    isAwaited = row[4]
    isStored = earlier.map { $0.digest == arrival.arrival.digest && !$0.refused } ?? false
    isTaken = hasNumberTaken || earlier.map { $0.digest != arrival.arrival.digest } ?? false
    let header = arrival.arrival.header
    circumstances = Circumstances(
      earlier: earlier, first: try Self.first(of: arrival, in: database),
      numberIsTheTerminals: giver == Givers.Giver(terminal: header.terminal, area: header.number.area),
      numberIsTaken: hasNumberTaken, matterIsWithdrawn: row[3],
      missing: try arrival.envelope.after.filter { id in
        try !database.exists("SELECT 1 FROM envelope WHERE id = ? AND belongs = 1", [id.bytes.blob])
      })
  }

  private static let question = """
    SELECT (SELECT row FROM envelope WHERE id = ?1 AND belongs = 1),
      EXISTS (SELECT 1 FROM envelope WHERE id = ?1 AND digest = ?2 AND state = 'refused'),
      EXISTS (SELECT 1 FROM envelope WHERE number = ?3 AND belongs = 1
        AND kind IN (\(CentreSchema.filings)) AND id != ?1),
      EXISTS (SELECT 1 FROM withdrawn_matter WHERE matter = ?4),
      EXISTS (SELECT 1 FROM awaited WHERE id = ?1)
        OR EXISTS (SELECT 1 FROM envelope WHERE first_number = ?3 AND state = 'held')
    """

  private static func earlier(
    _ row: Int64, in database: Database
  ) throws -> Circumstances.Earlier {
    let statement = try database.cachedStatement(sql: "SELECT digest, state FROM envelope WHERE row = ?")
    guard let row = try Row.fetchOne(statement, arguments: [row]) else { throw StoreFault.broken }
    return Circumstances.Earlier(digest: row.bytes("digest"), refused: row["state"] == "refused")
  }

  private static func first(
    of arrival: Prepared, in database: Database
  ) throws -> Circumstances.First? {
    guard arrival.isAboutAnother, let number = arrival.firstNumber else { return nil }
    return try Circumstances.First(number: number, in: database)
  }

  func objection(to arrival: Prepared) -> RefusalReason? {
    guard arrival.isAboutAnother, let routing = arrival.arrival.routing else { return nil }
    return (first ?? .missing).objection(to: routing)
  }

  /// Whether an unsigned arrival could be an application hurt on its way.
  func mayBeAnApplication(_ arrival: Prepared) -> Bool {
    arrival.kind.isFiling && circumstances.numberIsTheTerminals && !circumstances.numberIsTaken
  }
}

extension Circumstances.First {
  /// What bears `number` here, in its own right.
  init(number: String, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT kind, claim_hash, state, terminal,
          EXISTS (SELECT 1 FROM envelope AS back WHERE back.first_number = envelope.number
            AND back.state = 'effective' AND back.kind = 'withdrawal') AS withdrawn
        FROM envelope
        WHERE number = ? AND belongs = 1 AND kind IN (\(CentreSchema.filings))
        """)
    guard let row = try Row.fetchOne(statement, arguments: [number]) else {
      self = .missing
      return
    }
    let isApplication = row["kind"] == EnvelopeKind.application.rawValue
    guard let state = CaseRecord.State(stored: row["state"]) else { throw StoreFault.broken }
    self = .known(
      claimHash: isApplication ? row["claim_hash"] : nil,
      state: isApplication && row["withdrawn"] ? .withdrawn : state, terminal: row["terminal"])
  }
}
