// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import CardReaders
import Control
import Delivery
import DeviceKit
import DeviceLinks
import Logging
import Matters
import NIOCore
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
    let (identity, signer) = try Loading.identity(folders)
    let keeping = Keeping(folders: folders, logger: logger)
    let (shelves, shut) = try keeping.shelves()
    let (settings, found) = try await Loading.settings(
      folders, root: identity.root, shelves: shelves, at: SystemClock(floor: BuildDay.read()).now().at)
    let clock = SystemClock(floor: max(BuildDay.read(), settings.signed))
    let board = Board(clock: clock)
    let inForce = try await keeping.catalogue(shelves, at: clock.now().at)
    keeping.report(to: board, shut: shut, found, inForce)
    let door = try await keeping.ledger(identity, settings, clock, chance)
    board.report(Board.ledger, await door.standing().state)
    let stage = BrowserStage()
    let desk = try await desk(
      Parts(
        words: words, identity: identity, signer: signer, settings: settings, clock: clock,
        board: board, catalogue: inForce.catalogue, door: door, stage: stage))
    let screens = ScreenServer(
      configuration: .init(
        port: start.screens.port, token: try Loading.screenToken(folders.screenToken, chance: chance),
        frameAncestors: start.screens.frameAncestors ?? []),
      stage: stage, assets: try Loading.assets(folders.web), words: words)
    let control = ControlServer(
      path: folders.control, answers: Answers(door: door, board: board, words: words).all)
    return [
      control.application(logger: logger), screens.application(logger: logger),
      courier(door, identity, board),
      LedgerWatch(door: door, board: board, desk: desk.desk, logger: logger),
      desk,
    ]
  }

  private struct Parts {
    var words: Words
    var identity: TerminalIdentity
    var signer: TerminalSigner
    var settings: Settings
    var clock: SystemClock
    var board: Board
    var catalogue: Catalogue
    var door: LedgerDoor
    var stage: BrowserStage
  }

  private func courier(
    _ outbox: any Outbox, _ identity: TerminalIdentity, _ board: Board
  ) -> CourierService {
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .seconds(3)
    // The courier has a patience of its own, and the first page must not wait to say "断网".
    configuration.connectionPool.retryConnectionEstablishment = false
    // Only the centre's own answer counts, and envelopes go to nobody else.
    configuration.redirectConfiguration = .disallow
    let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let courier = Courier(
      outbox: outbox, link: HTTPCentralLink(client: client, centre: start.centre.url),
      terminal: identity.terminal, chance: chance, clock: ContinuousClock()
    ) { answer in
      board.report(Board.centre, answer.state)
    }
    return CourierService(courier: courier, client: client)
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
      sealer: try EnvelopeSealer(identity: parts.identity, signer: parts.signer),
      press: SlipPress(printer: printer, journal: parts.door, patience: .seconds(30)),
      board: parts.board, catalogue: parts.catalogue, words: parts.words, settings: parts.settings,
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
