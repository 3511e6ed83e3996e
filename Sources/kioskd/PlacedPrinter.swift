// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import ServiceLifecycle
import Upkeep
import Visits

/// The receipt printer's restart: everything that waits in the print system is cancelled, the
/// queue is made anew and the printer asked how it is. Never while somebody is served: her slip
/// would be cut in two.
struct PlacedPrinter: PlacedDevice, Service {
  let place: String
  let model: String?
  let printer: any ReceiptPrinter
  let board: Board
  let chance: any RandomSource
  let desk: Desk
  private let orders = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  init(_ devices: TerminalDevices, board: Board, chance: any RandomSource, desk: Desk) {
    place = devices.printerPlace
    model = devices.printerModel
    printer = devices.printer
    self.board = board
    self.chance = chance
    self.desk = desk
  }

  private static var betweenLooks: Duration { .milliseconds(250) }
  private static var patience: Duration { .seconds(30) }

  func restart() { orders.continuation.yield() }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in orders.stream {
        // Throws only when cancelled, which ends the stream.
        while !desk.isIdle, !Task.isCancelled { try? await Task.sleep(for: Self.betweenLooks) }
        guard !Task.isCancelled else { return }
        board.report(place, .starting)
        await printer.clear()
        await printer.check(job: SlipJob(chance: chance.bytes(16)), within: Self.patience)
      }
    }
  }
}
