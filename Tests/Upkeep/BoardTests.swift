// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Testing

@testable import Upkeep

@Suite("The health board")
struct BoardTests {
  private struct Noon: WallTime {
    func now() -> QualifiedTime { QualifiedTime(at: Timestamp(milliseconds: 0), quality: .running) }
  }

  @Test("several of a kind stand for one: one that works is enough")
  func several() {
    let board = Board(clock: Noon())
    let trouble = DeviceState.failed(.clockNotSet)
    board.report("reader", trouble)
    #expect(board.state(of: "reader") == trouble)
    board.report("reader.low", .starting)
    #expect(board.state(of: "reader") == .starting)
    board.report("reader.low", .ready)
    #expect(board.state(of: "reader") == .ready)
    board.report("reader.low", trouble)
    board.report("readers", .ready)
    #expect(board.state(of: "reader") == trouble)
    #expect(board.state(of: "reader.low") == trouble)
    #expect(board.state(of: "scanner") == nil)
  }
}
