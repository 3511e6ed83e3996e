// SPDX-License-Identifier: Apache-2.0

import CodeScanners
import DeviceKit
import DeviceLinks
import Records
import Synchronization
import Upkeep

/// The code scanner of one place, whichever of the allowed models hangs there: when another is
/// plugged in, that one serves from then on.
final class PlacedScanner: CodeScanner, PlacedDevice {
  let place: String
  private let outfit: Outfit
  private let chance: any RandomSource
  private let clock: any WallTime
  private let board: PlacedBoard

  private struct Serving {
    var model: String?
    var driver: LinkedCodeScanner<ContinuousClock>?
  }

  private let serving = Mutex(Serving())

  init(place: String, outfit: Outfit, chance: any RandomSource, clock: any WallTime, board: Board) {
    self.place = place
    self.outfit = outfit
    self.chance = chance
    self.clock = clock
    self.board = PlacedBoard(place: place, board: board)
  }

  var model: String? { serving.withLock { $0.model } }

  func restart() {
    if let driver = serving.withLock({ $0.driver }) { return driver.restart() }
    board.report(place, .starting)
    board.report(place, .absent(.scannerGone))
  }

  func run(_ handle: @Sendable (CodeEvent) async -> Void) async {
    let (events, feed) = AsyncStream.makeStream(of: CodeEvent.self)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.outfit.serve(self.place) { await self.drive($0, feed) } }
      for await event in events { await handle(event) }
      group.cancelAll()
    }
  }

  /// Until the task is cancelled.
  private func drive(_ fitting: Fitting?, _ feed: AsyncStream<CodeEvent>.Continuation) async {
    guard let fitting, let model = outfit.scanners[fitting.model],
      let scanner = driver(of: model, at: fitting.spot)
    else {
      board.report(place, .absent(.scannerGone))
      for await _ in AsyncStream<Void>.makeStream().stream {}
      return
    }
    // Before the new model's name is seen: what was said until now is true of the former.
    board.report(place, .starting)
    board.serves(fitting)
    serving.withLock { $0 = Serving(model: model.id, driver: scanner) }
    await scanner.run { feed.yield($0) }
    serving.withLock { $0.driver = nil }
  }

  /// Nil for a model that cannot hang where it was found.
  private func driver(
    of model: ScannerModel, at spot: Fitting.Spot
  ) -> LinkedCodeScanner<ContinuousClock>? {
    switch spot {
    case .tty(let path), .node(let path):
      LinkedCodeScanner(
        model: model, open: { () async throws(LinkFault) in try await model.open(path: path) },
        clock: ContinuousClock(), now: { [clock] in clock.now().at },
        supervisor: DeviceSupervisor(
          place: place, bus: outfit.presences.path(path), absent: .scannerGone,
          clock: ContinuousClock(), chance: chance, health: board))
    case .port, .queue: nil
    }
  }
}
