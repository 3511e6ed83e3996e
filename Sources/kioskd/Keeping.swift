// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DurableSQLite
import Logging
import Records
import Storage
import Upkeep
import Wire

/// Opens what the terminal keeps. A disk that is full, read-only or broken never keeps the
/// guides from the screen; another kioskd on the same files does.
struct Keeping {
  let folders: StartFile.Folders
  let logger: Logger

  /// Nil with the reason when they cannot be opened.
  func shelves() throws -> (Shelves?, OpenFault?) {
    do throws(OpenFault) {
      return (try Shelves.open(path: folders.shelves), nil)
    } catch .heldByAnother(let process) {
      throw held(by: process)
    } catch {
      logger.error("shelves cannot be opened, going on without", metadata: ["fault": "\(error)"])
      return (nil, error)
    }
  }

  func catalogue(
    _ shelves: Shelves?, _ enrolment: String, at time: Timestamp
  ) async throws -> (CatalogueShelf, CatalogueShelf.Found) {
    let installed = try Loading.bytes(folders.catalogue)
    do throws(CatalogueFile.Refusal) {
      return try await CatalogueShelf.open(
        shelves, enrolment: enrolment, installed: installed, at: time)
    } catch {
      throw StartFault("\(folders.catalogue): \(error), and no older catalogue is kept")
    }
  }

  func ledger(
    _ identity: TerminalIdentity, _ settings: Settings, _ clock: SystemClock, _ chance: SystemChance
  ) async throws -> LedgerDoor {
    let (logger, path, record) = (logger, folders.ledger, folders.allotments)
    let numbering = Numbering(
      area: identity.area, allotment: identity.allotment, spares: settings.spareAllotments,
      floor: clock.floor)
    do throws(OpenFault) {
      let door = try await LedgerDoor.find { news async throws(OpenFault) in
        try await Ledger.open(
          path: path, record: record, numbering: numbering, clock: clock, chance: chance, news: news
        ) {
          // No more promises: the next start rewrites the log before it is believed.
          logger.critical("a commit's outcome is unknown, ending")
          Process.endNow()
        }
      }
      if let fault = door.closedBy {
        logger.error("ledger cannot be opened, nothing is filed", metadata: ["fault": "\(fault)"])
      }
      return door
    } catch .heldByAnother(let process) {
      throw held(by: process)
    } catch {
      throw StartFault("\(path): \(error)")
    }
  }

  private func held(by process: Int32?) -> StartFault {
    let owner = process.map { " (process \($0))" } ?? ""
    return StartFault("another kioskd\(owner) holds the ledger; only one may run on a terminal")
  }

  /// What staff should hear of shelves, settings and catalogue.
  func report(
    to board: Board, shut: OpenFault?, _ settings: SettingsShelf.Found,
    _ catalogue: CatalogueShelf.Found
  ) {
    if let refused = settings.refused {
      logger.warning("settings refused, the former ones stay", metadata: ["reason": "\(refused)"])
    }
    board.report(
      Board.settings, settings.refused == nil ? .ready : .attention(.settingsRefused),
      places: settings.refused.map { ["reason": $0] } ?? [:])
    if let refused = catalogue.refused {
      logger.warning("catalogue refused, the old one stays", metadata: ["place": "\(refused)"])
    }
    board.report(
      Board.catalogue, catalogue.refused == nil ? .ready : .attention(.catalogueRefused),
      places: catalogue.refused.map { ["place": "\($0)"] } ?? [:])
    let unkept = settings.unkept ?? catalogue.unkept
    if let unkept {
      logger.error("settings or catalogue are not kept", metadata: ["fault": "\(unkept)"])
    }
    let trouble = shut.map { "\($0)" } ?? unkept.map { "\($0)" }
    board.report(
      Board.shelves, trouble == nil ? .ready : .attention(.shelvesUnusable),
      places: trouble.map { ["reason": $0] } ?? [:])
  }
}
