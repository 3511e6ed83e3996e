// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CardReaders
import Control
import DeviceKit
import DeviceLinks
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
    let desk = try await desk(
      Parts(
        words: words, identity: identity, settings: settings, clock: clock, board: board, shelf: shelf,
        door: door, stage: stage))
    let delivering = Delivering(
      start: start, identity: identity, door: door, board: board, shelf: shelf, clock: clock,
      chance: chance, logger: logger)
    let answers = Answers(
      door: door, board: board, words: words, enquiries: delivering.enquiries,
      seal: SealCheck(publicKey: identity.signer.publicKey, identity: identity.terminal))
    let client = delivering.client
    // They end in the opposite order: the ledger is closed when nobody uses it any more.
    return [
      AtTheEnd { try shelves?.close() }, AtTheEnd { try door.close() },
      AtTheEnd { try await client.shutdown() },
      ControlServer(path: folders.control, answers: answers.all).application(logger: logger),
      try screens(stage, words).application(logger: logger),
    ] + delivering.services(doctor: answers.doctor) + [
      LedgerWatch(door: door, board: board, desk: desk.desk, logger: logger),
      Pruning(door: door, desk: desk.desk, clock: clock, rule: PruneRule(), logger: logger),
      desk,
    ]
  }

  private func screens(_ stage: BrowserStage, _ words: Words) throws -> ScreenServer {
    let folders = start.folders
    return ScreenServer(
      configuration: .init(
        port: start.screens.port, token: try Loading.screenToken(folders.screenToken, chance: chance),
        frameAncestors: start.screens.frameAncestors ?? []),
      stage: stage, assets: try Loading.assets(folders.web), words: words)
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
  }

  private func desk(_ parts: Parts) async throws -> DeskService {
    let readerModel = try Loading.decode(
      ReaderModel.self, at: start.folders.readerModel(start.reader.model))
    let path = start.reader.path
    let reader = SDTCardReader(
      model: readerModel,
      open: { () async throws(LinkFault) in
        try await SerialLink.open(path: path, baud: readerModel.baud)
      }, clock: ContinuousClock(), health: parts.board, name: Board.reader)
    let printer = try printer(parts.board)
    // Before anything else is served: what a former life handed over must not come out now.
    await printer.clear()
    let furniture = Desk.Furniture(
      stage: parts.stage, reader: reader, filing: parts.door,
      sealer: try EnvelopeSealer(
        identity: parts.identity.terminal, signer: parts.identity.signer),
      face: NoFaceCheck(), licence: NoLicenceCheck(),
      press: SlipPress(printer: printer, journal: parts.door, patience: .seconds(30)),
      board: parts.board, catalogue: { [shelf = parts.shelf] in shelf.catalogue }, words: parts.words,
      settings: parts.settings,
      clock: parts.clock, chance: chance, claimHash: { ClaimHash.of($0, $1) },
      code: { QRCode.rows($0) })
    return DeskService(desk: Desk(furniture), stage: parts.stage, logger: logger)
  }

  private func printer(_ board: Board) throws -> some ReceiptPrinter {
    let path = start.folders.printerModel(start.receiptPrinter.model)
    let model = try Loading.decode(PrinterModel.self, at: path)
    if let fault = model.fault { throw StartFault("\(path): \(fault)") }
    return ThermalReceiptPrinter(
      queue: CupsQueue(socket: start.cups.socket, device: start.receiptPrinter.uri, model: model),
      paperFolder: start.cups.paper, model: model, clock: ContinuousClock(), health: board)
  }
}
