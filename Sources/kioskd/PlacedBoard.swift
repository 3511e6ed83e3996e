// SPDX-License-Identifier: Apache-2.0

import CardReaders
import CodeScanners
import DeviceKit
import Synchronization
import Upkeep

/// The health board under the name of one place, whatever a driver calls its device. Fills what
/// a problem's sentence leaves open about what serves there.
final class PlacedBoard: HealthBoard {
  private let place: String
  private let board: Board
  /// What the system lacks when it refuses the device.
  private let missing = Mutex("")

  init(place: String, board: Board) {
    self.place = place
    self.board = board
  }

  func serves(_ fitting: Fitting) {
    let lacking =
      switch fitting.spot {
      case .tty(let path): "dialout (\(path))"
      case .port, .node, .queue: "/etc/udev/rules.d/70-\(fitting.model).rules"
      }
    missing.withLock { $0 = lacking }
  }

  func report(_ device: String, _ state: DeviceState) {
    let lacking = missing.withLock { $0 }
    let isDenied = state.problem == .readerDenied || state.problem == .scannerDenied
    board.report(place, state, places: isDenied ? ["missing": lacking] : [:])
  }
}
