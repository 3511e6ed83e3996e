// SPDX-License-Identifier: Apache-2.0

import Foundation
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
    let answer = try Int.fetchOne(
      statement,
      arguments: [
        arrival.id, arrival.digest, isFiling ? arrival.number : nil, arrival.arrival.routing?.matter,
      ])
    guard let answer else { throw StoreFault.broken }
    let facts = Facts(rawValue: answer)
    let earlier = try facts.contains(.hasItsID) ? Self.earlier(arrival.id, in: database) : nil
    let hasNumberTaken = facts.contains(.numberTaken)
    isRefused = facts.contains(.refused)
    isAwaited = facts.contains(.awaited)
    isStored = earlier.map { $0.digest == arrival.arrival.digest && !$0.refused } ?? false
    isTaken = hasNumberTaken || earlier.map { $0.digest != arrival.arrival.digest } ?? false
    let header = arrival.arrival.header
    circumstances = Circumstances(
      earlier: earlier, first: try Self.first(of: arrival, in: database),
      numberIsTheTerminals: giver == Givers.Giver(terminal: header.terminal, area: header.number.area),
      numberIsTaken: hasNumberTaken, matterIsWithdrawn: facts.contains(.matterWithdrawn),
      missing: try arrival.envelope.after.filter { id in
        try !database.exists("SELECT 1 FROM envelope WHERE id = ? AND belongs = 1", [id.bytes.blob])
      })
  }

  /// What the question answers: one number, since a row costs more than all its parts (measured).
  private struct Facts: OptionSet {
    let rawValue: Int

    static let hasItsID = Facts(rawValue: 1)
    static let refused = Facts(rawValue: 2)
    static let numberTaken = Facts(rawValue: 4)
    static let matterWithdrawn = Facts(rawValue: 8)
    static let awaited = Facts(rawValue: 16)
  }

  private static let question = """
    SELECT EXISTS (SELECT 1 FROM envelope WHERE id = ?1 AND belongs = 1)
      + 2 * EXISTS (SELECT 1 FROM envelope WHERE id = ?1 AND digest = ?2 AND state = 'refused')
      + 4 * EXISTS (SELECT 1 FROM envelope WHERE number = ?3 AND belongs = 1
        AND \(CentreSchema.isFiling) AND id != ?1)
      + 8 * EXISTS (SELECT 1 FROM withdrawn_matter WHERE matter = ?4)
      + 16 * (EXISTS (SELECT 1 FROM awaited WHERE id = ?1)
        OR EXISTS (SELECT 1 FROM envelope WHERE first_number = ?3 AND state = 'held'))
    """

  private static func earlier(
    _ id: Data, in database: Database
  ) throws -> Circumstances.Earlier {
    let statement = try database.cachedStatement(
      sql: "SELECT digest, state FROM envelope WHERE id = ? AND belongs = 1")
    guard let row = try Row.fetchOne(statement, arguments: [id]) else { throw StoreFault.broken }
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
        WHERE number = ? AND belongs = 1 AND \(CentreSchema.isFiling)
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
