// SPDX-License-Identifier: Apache-2.0

import GRDB
import Records

/// An application as a clerk's list shows it: nothing that is sealed to the back office.
public struct CaseRecord: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, Codable { case received, held, refused }

  /// Place in the order of arrival.
  public var row: Int64
  public var id: EnvelopeID
  public var number: CaseNumber
  /// 办件编号: area, day of receipt and six digits, with hyphens; nil unless received.
  public var caseNumber: String?
  public var terminal: String
  public var state: State
  public var reason: RefusalReason?
  /// Who owes an answer for a refused one.
  public var owner: String?
  /// When a refused one must have been looked after.
  public var due: Timestamp?
  public var receivedAt: Timestamp
  /// Nil when it could not be opened.
  public var routing: Routing?
  /// How the number reached the resident, once her terminal has said so.
  public var told: Told?
  public var deliveries: Int

  init(row: Row) throws {
    guard let id = EnvelopeID(bytes: row.bytes("id")), let number = CaseNumber(row["number"] as String),
      let state = State(stored: row["state"])
    else { throw StoreFault.broken }
    self.row = row["row"]
    self.id = id
    self.number = number
    self.state = state
    caseNumber = row["case_number"]
    terminal = row["terminal"]
    reason = (row["reason"] as String?).flatMap { RefusalReason(rawValue: $0) }
    owner = row["owner"]
    due = (row["due_at"] as Int64?).map { Timestamp(milliseconds: $0) }
    receivedAt = Timestamp(milliseconds: row["received_at"])
    routing = try Routing(row: row)
    told = (row["told_word"] as String?).flatMap { Told(rawValue: $0) }
    deliveries = row["deliveries"]
  }

  /// An application with what its `told` envelope says.
  static let select = """
    SELECT application.*,
      (SELECT told FROM envelope AS word
        WHERE word.number = application.number AND word.kind = 'told' AND word.belongs = 1
          AND instr(word.follows, application.id) > 0
        ORDER BY word.row LIMIT 1) AS told_word
    FROM envelope AS application
    """

  /// True for what came from the terminal to which the number was given.
  static let ofTheNumbersTerminal: String = {
    let reasons = RefusalReason.allCases.filter(\.isOfTheNumbersTerminal)
    return "(belongs = 1 OR reason IN (\(reasons.map { "'\($0.rawValue)'" }.joined(separator: ", "))))"
  }()

  /// Which one a number stands for.
  static let choice = "ORDER BY belongs DESC, \(ofTheNumbersTerminal) DESC, row DESC LIMIT 1"
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
    guard let filedAt = row["filed_at"] as Int64? else { return nil }
    guard let quality = TimeQuality(rawValue: row["time_quality"]),
      let assurance = Assurance(rawValue: row["assurance"])
    else { throw StoreFault.broken }
    self.init(
      matter: row["matter"], matterVersion: row["matter_version"],
      time: QualifiedTime(at: Timestamp(milliseconds: filedAt), quality: quality),
      assurance: assurance, claimHash: row["claim_hash"],
      told: (row["told"] as String?).flatMap { Told(rawValue: $0) }, rating: row["rating"])
  }
}
