// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CodeScanners
import Control
import DeviceKit
import Logging
import Matters
import Paper
import ReceiptPrinters
import Records
import Screens
import ServiceLifecycle
import Storage
import Upkeep
import Visits
import Wire

/// The whole terminal, built in one place from real things.
struct Terminal {
  let start: StartFile
  let logger: Logger
  private let chance = SystemChance()

  func services() async throws -> [any Service] {
    let folders = start.folders
    let words = try Loading.words(folders.words)
    let outfit = try Outfit(start)
    let identity = try Identity(folders)
    let keeping = Keeping(folders: folders, logger: logger)
    let (shelves, shut) = try keeping.shelves()
    let witness = LastWitness()
    let (settings, found) = try await Loading.settings(
      folders, root: identity.terminal.root, shelves: shelves,
      at: SystemClock(floor: BuildDay.read(), witness: witness).now().at)
    let clock = SystemClock(floor: max(BuildDay.read(), settings.signed), witness: witness)
    let board = Board(clock: clock)
    let (shelf, inForce) = try await keeping.catalogue(shelves, identity.enrolment, at: clock.now().at)
    keeping.report(to: board, shut: shut, found, inForce)
    let door = try await keeping.ledger(identity.terminal, settings, clock, chance)
    board.report(Board.ledger, await door.state())
    let stage = BrowserStage()
    let devices = try TerminalDevices(outfit, start, chance: chance, clock: clock, board: board)
    let registers = CodeRegisters(settings.codeIssuers ?? [])
    let desk = try await desk(
      Parts(
        words: words, identity: identity, settings: settings, clock: clock, board: board, shelf: shelf,
        door: door, stage: stage, devices: devices, registers: registers))
    let printer = PlacedPrinter(devices, board: board, chance: chance, desk: desk.desk)
    let caretaking = Caretaking(
      outfit: outfit, devices: devices.readers + devices.scanners + [printer], board: board, words: words,
      settings: settings, door: door, clock: clock)
    let delivering = Delivering(
      start: start, identity: identity, door: door, board: board, shelf: shelf, clock: clock,
      chance: chance, logger: logger)
    let answers = Answers(
      door: door, board: board, words: words, enquiries: delivering.enquiries, caretaking: caretaking,
      seal: SealCheck(publicKey: identity.signer.publicKey, identity: identity.terminal))
    let client = delivering.client
    // They end in the opposite order: the ledger is closed when nobody uses it any more.
    return [
      AtTheEnd { try shelves?.close() }, AtTheEnd { try door.close() },
      AtTheEnd { try await client.shutdown() }, AtTheEnd { try await registers.close() },
      ControlServer(path: folders.control, answers: answers.all).application(logger: logger),
      try screens(stage, words).application(logger: logger),
      try staff(caretaking).application(logger: logger), printer,
    ] + delivering.services(doctor: answers.doctor) + serving(desk, door, board, clock)
  }

  /// Residents, and what goes on in the ledger between them.
  private func serving(
    _ desk: DeskService, _ door: LedgerDoor, _ board: Board, _ clock: SystemClock
  ) -> [any Service] {
    [
      LedgerWatch(door: door, board: board, desk: desk.desk, logger: logger),
      Pruning(
        door: door, desk: desk.desk, clock: clock, rule: PruneRule(), look: start.pruningLook,
        logger: logger),
      desk,
    ]
  }

  private func screens(_ stage: BrowserStage, _ words: Words) throws -> ScreenServer {
    let folders = start.folders
    return ScreenServer(
      configuration: .init(
        port: start.screens.port, token: try Loading.pageToken(folders.screenToken, chance: chance),
        frameAncestors: start.screens.frameAncestors ?? []),
      stage: stage, assets: try Loading.assets(folders.web), words: words)
  }

  private func staff(_ caretaking: Caretaking) throws -> StaffServer {
    StaffServer(
      port: start.staff.port, token: try Loading.pageToken(start.folders.staffToken, chance: chance),
      assets: try Loading.assets(start.folders.web, start.folders.staffPage), words: caretaking.pageWords,
      view: caretaking.view, restart: caretaking.restart)
  }

  private struct Parts {
    var words: Words
    var identity: Identity
    var settings: Settings
    var clock: SystemClock
    var board: Board
    var shelf: CatalogueShelf
    var door: LedgerDoor
    var stage: BrowserStage
    var devices: TerminalDevices
    var registers: CodeRegisters
  }

  private func codes(_ parts: Parts) -> ResidentCodes {
    let host = parts.settings.publicHost
    return ResidentCodes(
      scanner: parts.devices.scanner, read: { HeldCode($0, publicHost: host) },
      verifier: parts.registers.verifier(parts.clock))
  }

  private func desk(_ parts: Parts) async throws -> DeskService {
    let printer = parts.devices.printer
    // Before anything else is served: what a former life handed over must not come out now.
    await printer.clear()
    let furniture = Desk.Furniture(
      stage: parts.stage, reader: parts.devices.reader, filing: parts.door,
      sealer: try EnvelopeSealer(
        identity: parts.identity.terminal, signer: parts.identity.signer),
      face: NoFaceCheck(), licence: NoLicenceCheck(), codes: codes(parts),
      press: SlipPress(printer: printer, journal: parts.door, patience: .seconds(30)),
      board: parts.board, catalogue: { [shelf = parts.shelf] in shelf.catalogue }, words: parts.words,
      settings: parts.settings,
      clock: parts.clock, chance: chance, claimHash: { ClaimHash.of($0, $1) },
      code: { QRCode.rows($0) })
    return DeskService(desk: Desk(furniture), stage: parts.stage, logger: logger)
  }
}
