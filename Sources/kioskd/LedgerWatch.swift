// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DurableSQLite
import Logging
import Records
import ServiceLifecycle
import Storage
import Upkeep
import Visits

/// While filings cannot be kept, tries again and again whether they can: a disk that was
/// full or away needs nobody at the terminal once it is well.
struct LedgerWatch: Service {
  let door: LedgerDoor
  let board: Board
  let desk: Desk
  let logger: Logger

  private static var shortest: Duration { .seconds(30) }
  /// A damaged file is mended by people, and each try rewrites its log.
  private static var longest: Duration { .seconds(900) }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      var pause = Self.shortest
      while !Task.isCancelled {
        // Throws only when cancelled, which the loop sees.
        try? await Task.sleep(for: pause)
        if !Task.isCancelled, mayRecover { await tryAgain() }
        let isBroken = board.state(of: Board.ledger) == .failed(.ledgerBroken)
        pause = isBroken ? min(pause * 2, Self.longest) : Self.shortest
      }
    }
  }

  /// New numbers come with new settings only, which are read at a start.
  private var mayRecover: Bool {
    ![.ready, .failed(.ledgerNoNumbers)].contains(board.state(of: Board.ledger))
  }

  private func tryAgain() async {
    // Before anybody can file again, so that nobody's filing is settled while she is told.
    if await door.tryAgain() {
      logger.notice("ledger opened")
      await desk.settleUntold(logger)
    }
    let state = await door.state()
    if state == .ready { logger.notice("filings are kept again") }
    board.report(Board.ledger, state)
  }
}

extension Desk {
  /// As `settleUntold`; a fault is told to the log.
  func settleUntold(_ logger: Logger) async {
    do throws(StoreFault) {
      try await settleUntold()
    } catch {
      logger.error("untold filings cannot be settled", metadata: ["fault": "\(error)"])
    }
  }
}

extension LedgerDoor {
  /// What stands on the board: whether a filing would be kept now, and why not.
  func state() async -> DeviceState {
    if closedBy == .newer { return .failed(.ledgerNewer) }
    return switch await standing() {
    case .ready: .ready
    case .noNumbers: .failed(.ledgerNoNumbers)
    case .full: .failed(.ledgerFull)
    case .broken: .failed(.ledgerBroken)
    }
  }

  /// Lets go of the file; what was behind a closed door lies there as it was.
  func close() throws {
    guard closedBy == nil else { return }
    try ledger().close()
  }
}
