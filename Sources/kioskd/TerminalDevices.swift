// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import ReceiptPrinters
import Records
import Upkeep

/// The devices of this terminal, made from the places of its start-up file.
struct TerminalDevices {
  let outfit: Outfit
  let readers: [PlacedReader]
  let scanners: [PlacedScanner]
  let printerPlace: String
  let printerModel: String
  let printer: any ReceiptPrinter

  init(
    _ outfit: Outfit, _ start: StartFile, chance: any RandomSource, clock: any WallTime, board: Board
  ) throws {
    self.outfit = outfit
    readers = outfit.places.of(.reader).keys.sorted()
      .map { PlacedReader(place: $0, outfit: outfit, chance: chance, board: board) }
    scanners = outfit.places.of(.scanner).keys.sorted()
      .map { PlacedScanner(place: $0, outfit: outfit, chance: chance, clock: clock, board: board) }
    guard let place = outfit.places.of(.receiptPrinter).keys.first, let fitting = outfit.fitting(of: place),
      let model = outfit.printers[fitting.model], case .queue(let uri) = fitting.spot
    else { throw StartFault("the start-up file has no place for the receiptPrinter with a uri") }
    printerPlace = place
    printerModel = model.id
    printer = ThermalReceiptPrinter(
      queue: CupsQueue(socket: start.cups.socket, device: uri, model: model),
      paperFolder: start.cups.paper, model: model, clock: ContinuousClock(),
      health: PlacedBoard(place: place, board: board))
  }

  /// All readers as one.
  var reader: any CardReader { JoinedCardReaders(readers) }

  /// All scanners as one.
  var scanner: any CodeScanner { JoinedCodeScanners(scanners) }
}
