// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Certificates
import Control
import Delivery
import DeviceKit
import Logging
import Matters
import Records
import ServiceLifecycle
import Storage
import Upkeep
import Wire

/// All that goes between this terminal and its centre.
struct Delivering {
  let start: StartFile
  let identity: Identity
  let door: LedgerDoor
  let board: Board
  let shelf: CatalogueShelf
  let clock: SystemClock
  let chance: SystemChance
  let logger: Logger
  let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: HTTPCentralLink.configuration)

  private var link: HTTPCentralLink {
    HTTPCentralLink(client: client, centre: start.centre.url, credentials: identity.credentials)
  }

  var enquiries: any Enquiry { Enquiries(link: link, clock: ContinuousClock()) }

  /// - Parameter doctor: what a command `report` answers with.
  func services(doctor: @escaping @Sendable () -> [DoctorLine]) -> [any Service] {
    let (courier, updates, renewals) = (courier, updates, renewals)
    let orders = Orders(
      doctor: doctor, deliver: { courier.hurry() }, renew: { await renewals.renew() },
      catalogue: { updates.look() })
    let listener = EventListener(
      link: link, commands: door, chance: chance, clock: ContinuousClock(),
      obey: { await orders.obey($0) }, catalogue: { updates.look() }, now: clock)
    let asking = timeAsking
    return [
      Endless { await courier.run() }, Endless { await listener.run() },
      Endless { await updates.run() }, Endless { await asking.run() },
      Endless { await renewals.run() },
      Rounds(board: board, clock: clock, credentials: identity.credentials, door: door),
    ]
  }

  private var courier: Courier<ContinuousClock> {
    let board = board
    return Courier(
      outbox: door, link: link, terminal: identity.terminal.terminal, chance: chance,
      clock: ContinuousClock(), audit: door
    ) { answer in
      board.report(Board.centre, answer.state)
      if case .verdicts(_, let auditCut) = answer {
        board.report(Board.audit, auditCut ? .attention(.auditCut) : .ready)
      }
    }
  }

  private var updates: CatalogueUpdates<ContinuousClock> {
    let (board, logger) = (board, logger)
    return CatalogueUpdates(
      link: link, root: identity.terminal.root, keeping: shelf, chance: chance,
      clock: ContinuousClock(), now: clock
    ) { report in
      logger.info("looked for a catalogue", metadata: ["outcome": "\(report)"])
      report.tell(board)
    }
  }

  private var timeAsking: TimeAsking<ContinuousClock> {
    let timekeeping = Timekeeping(
      witness: clock.witness, proposal: start.folders.clockProposal, logger: logger)
    return TimeAsking(
      client: client, url: start.centre.time, key: identity.terminal.timeKey.bytes, chance: chance,
      clock: ContinuousClock()
    ) { timekeeping.take($0) }
  }

  private var renewals: CertificateRenewals<ContinuousClock> {
    let (identity, folders, logger) = (identity, start.folders, logger)
    return CertificateRenewals(
      link: link, credentials: identity.credentials,
      request: { try identity.tlsKey.request(named: identity.terminal.terminal) },
      keep: { try identity.keep(certificate: $0, authority: $1, in: folders) },
      chance: chance, clock: ContinuousClock(), now: clock,
      report: { logger.notice("certificate renewal", metadata: ["outcome": "\($0)"]) })
  }
}

/// Runs until the terminal stops.
struct Endless: Service {
  let work: @Sendable () async -> Void

  init(_ work: @escaping @Sendable () async -> Void) { self.work = work }

  func run() async throws { await cancelWhenGracefulShutdown { await work() } }
}

/// Does something once all services behind it in the list have ended.
struct AtTheEnd: Service {
  let work: @Sendable () async throws -> Void

  init(_ work: @escaping @Sendable () async throws -> Void) { self.work = work }

  func run() async throws {
    // Throws only when cancelled; then there is an end as well.
    try? await gracefulShutdown()
    try await work()
  }
}

extension CentralAnswer {
  /// What an answer says of the way to the centre.
  var state: DeviceState {
    switch self {
    case .verdicts, .tooMuch: .ready
    case .unreachable: .attention(.centreUnreachable)
    case .later: .attention(.centreBusy)
    case .unknownTerminal: .failed(.centreUnknownTerminal)
    case .notTrusted: .failed(.centreNotTrusted)
    case .notUnderstood: .attention(.centreNotUnderstood)
    }
  }
}

extension CatalogueReport {
  /// What it means on the board. Trouble on the way is the way's own line.
  func tell(_ board: Board) {
    switch self {
    case .taken: board.report(Board.catalogue, .ready)
    case .current(let version) where version > 0: board.report(Board.catalogue, .ready)
    case .unsigned: refused(["the signature does not hold"], board)
    case .refused(.faulty(let lines)): refused(lines, board)
    case .refused(.notKept):
      board.report(
        Board.shelves, .attention(.shelvesUnusable), places: ["reason": "the catalogue is not kept"])
    case .current, .trouble, .refused(.notNewer), .refused(.needsWhole): break
    }
  }

  private func refused(_ lines: [String], _ board: Board) {
    board.report(
      Board.catalogue, .attention(.catalogueRefused), places: ["place": lines.first ?? ""])
  }
}
