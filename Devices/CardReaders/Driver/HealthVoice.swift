// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// Tells the board of changes only.
struct HealthVoice {
  let board: any HealthBoard
  let device: String
  private var last: DeviceState?

  init(board: any HealthBoard, device: String) {
    self.board = board
    self.device = device
  }

  mutating func say(_ state: DeviceState) {
    guard state != last else { return }
    last = state
    board.report(device, state)
  }
}
