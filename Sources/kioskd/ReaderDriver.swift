// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import DeviceLinks
import Synchronization
import Upkeep

/// The driver of the reader that serves at a place now. Its restart closes the link, which the
/// driver then opens anew.
final class ReaderDriver: CardReader, SupervisedDevice {
  let place: String
  private let model: ReaderModel
  private let spot: Fitting.Spot
  private let board: RestartBoard
  private let link = Mutex<(any ByteLink)?>(nil)

  init(place: String, model: ReaderModel, spot: Fitting.Spot, board: any HealthBoard) {
    self.place = place
    self.model = model
    self.spot = spot
    self.board = RestartBoard(place: place, board: board)
  }

  func restart() {
    board.restarts()
    let link = link.withLock { $0 }
    Task { await link?.close() }
  }

  func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    let driver = SDTCardReader(
      model: model,
      open: { () async throws(LinkFault) in
        let link = try await self.open()
        self.link.withLock { $0 = link }
        return link
      }, clock: ContinuousClock(), health: board, name: place)
    await driver.run(handle)
    link.withLock { $0 = nil }
  }

  private func open() async throws(LinkFault) -> any ByteLink {
    switch (model.link, spot) {
    case (.serial(let baud), .tty(let path)): return try await SerialLink.open(path: path, baud: baud)
    // A model that hangs elsewhere than it can: nothing is there that it could talk to.
    default: throw .gone
    }
  }
}

/// Keeps quiet for a moment while a restart that was ordered makes the device look unplugged.
private final class RestartBoard: HealthBoard {
  private struct State {
    /// Counts orders; one is over when the device answers or its time has passed.
    var order: Int?
    var orders = 0
    var latest: DeviceState = .starting
  }

  /// Longer than the driver's pause between two openings.
  private static var longest: Duration { .seconds(2) }

  private let place: String
  private let board: any HealthBoard
  private let state = Mutex(State())

  init(place: String, board: any HealthBoard) {
    self.place = place
    self.board = board
  }

  func report(_ device: String, _ new: DeviceState) {
    let isHeld = state.withLock { state in
      state.latest = new
      if case .absent = new, state.order != nil { return true }
      if new != .starting { state.order = nil }
      return false
    }
    if !isHeld { board.report(place, new) }
  }

  func restarts() {
    let order = state.withLock { state in
      state.orders += 1
      state.order = state.orders
      return state.orders
    }
    board.report(place, .starting)
    Task {
      // Throws only when cancelled, which nobody does.
      try? await Task.sleep(for: Self.longest)
      let late = state.withLock { state -> DeviceState? in
        guard state.order == order else { return nil }
        state.order = nil
        return state.latest
      }
      if let late { board.report(place, late) }
    }
  }
}
