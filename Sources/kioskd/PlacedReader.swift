// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import Records
import Synchronization
import Upkeep

/// The card reader of one place, whichever of the allowed models hangs there: when another is
/// plugged in, that one serves from then on.
final class PlacedReader: CardReader, PlacedDevice {
  let place: String
  private let outfit: Outfit
  private let board: PlacedBoard
  private let drivers: ReaderDrivers
  private struct Serving {
    var model: String?
    var driver: ReaderDrivers.Driver?
  }

  private let serving = Mutex(Serving())

  init(place: String, outfit: Outfit, chance: any RandomSource, board: Board) {
    self.place = place
    self.outfit = outfit
    drivers = ReaderDrivers(presences: outfit.presences, chance: chance)
    self.board = PlacedBoard(place: place, board: board)
  }

  var model: String? { serving.withLock { $0.model } }

  func restart() {
    if let driver = serving.withLock({ $0.driver }) { return driver.restart() }
    board.report(place, .starting)
    board.report(place, .absent(.readerGone))
  }

  func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    let (events, feed) = AsyncStream.makeStream(of: CardEvent.self)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        await self.outfit.serve(self.place, exchanged: { feed.yield(.removed) }) {
          await self.drive($0, feed)
        }
      }
      var isLying = false
      for await event in events {
        // Said at an exchange of readers, for the new one does not know what lay on the old.
        if event == .removed, !isLying { continue }
        isLying = event != .removed
        await handle(event)
      }
      group.cancelAll()
    }
  }

  /// Until the task is cancelled.
  private func drive(_ fitting: Fitting?, _ feed: AsyncStream<CardEvent>.Continuation) async {
    guard let fitting, let model = outfit.readers[fitting.model],
      let reader = drivers.driver(of: model, at: fitting.spot, place: place, health: board)
    else {
      board.report(place, .absent(.readerGone))
      for await _ in AsyncStream<Void>.makeStream().stream {}
      return
    }
    // Before the new model's name is seen: what was said until now is true of the former.
    board.report(place, .starting)
    board.serves(fitting)
    serving.withLock { $0 = Serving(model: model.id, driver: reader) }
    await reader.run { feed.yield($0) }
    serving.withLock { $0.driver = nil }
  }
}
