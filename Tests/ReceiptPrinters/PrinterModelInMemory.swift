// SPDX-License-Identifier: Apache-2.0

/// A thermal printer as far as our commands go: takes bytes, gives answers, keeps papers.
/// Its parser knows where a command ends, so dots are never taken for commands.
struct PrinterModelInMemory {
  enum Event: Equatable {
    case status(UInt8)
    case raster, cut, inOrderAnswer, cleared, reset
  }

  /// Answers to DLE EOT 1 to 4.
  var status: [UInt8] = [0x12, 0x12, 0x12, 0x12]
  /// Rows of dots before the paper ends.
  var rowsLeft = Int.max
  /// Rows of dots before it falls mute.
  var rowsUntilMute = Int.max
  /// Answers neither questions nor requests in order while it is set.
  var isMute = false
  private(set) var papers: [[UInt8]] = []
  private(set) var paper: [UInt8] = []
  private(set) var waiting: [[UInt8]] = []
  private(set) var unknownCommands = 0
  private var partial: [UInt8] = []

  var isOutOfPaper: Bool { status[3] & 0x60 != 0 }

  /// The answers to what these bytes ask, and what happened.
  @discardableResult
  mutating func receive(_ bytes: [UInt8]) -> (answers: [UInt8], events: [Event]) {
    var answers: [UInt8] = []
    var events: [Event] = []
    for byte in bytes {
      partial.append(byte)
      guard let length = Self.length(partial), partial.count == length else { continue }
      let command = partial
      partial = []
      if command[0] == 0x10 {
        realTime(command, &answers, &events)
      } else {
        waiting.append(command)
      }
      execute(&answers, &events)
    }
    return (answers, events)
  }

  mutating func putPaperIn() {
    status = [0x12, 0x12, 0x12, 0x12]
    rowsLeft = Int.max
    rowsUntilMute = Int.max
    isMute = false
    var answers: [UInt8] = []
    var events: [Event] = []
    execute(&answers, &events)
  }

  /// Nil while more bytes are needed to know.
  private static func length(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 2 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0x10, _), (0x1D, 0x72): return 3
    case (0x1B, 0x40): return 2
    case (0x1D, 0x56): return 4
    case (0x1D, 0x76):
      guard bytes.count >= 8 else { return nil }
      let width = Int(bytes[4]) + Int(bytes[5]) << 8
      return 8 + width * (Int(bytes[6]) + Int(bytes[7]) << 8)
    default: return 2
    }
  }

  private mutating func realTime(
    _ command: [UInt8], _ answers: inout [UInt8], _ events: inout [Event]
  ) {
    switch (command[1], command[2]) {
    case (0x04, 1...4):
      events.append(.status(command[2]))
      if !isMute { answers.append(status[Int(command[2]) - 1]) }
    case (0x05, 0x02):
      waiting = []
      events.append(.cleared)
    default: unknownCommands += 1
    }
  }

  private mutating func execute(_ answers: inout [UInt8], _ events: inout [Event]) {
    while !isOutOfPaper, !isMute, let command = waiting.first {
      waiting.removeFirst()
      switch (command[0], command[1]) {
      case (0x1B, 0x40): events.append(.reset)
      case (0x1D, 0x72):
        answers.append(0)
        events.append(.inOrderAnswer)
      case (0x1D, 0x56):
        papers.append(paper)
        paper = []
        events.append(.cut)
      case (0x1D, 0x76):
        paper += command.dropFirst(8)
        rowsLeft -= Int(command[6])
        rowsUntilMute -= Int(command[6])
        if rowsUntilMute <= 0 { isMute = true }
        if rowsLeft <= 0 { status = [0x1A, 0x32, 0x12, 0x72] }
        events.append(.raster)
      default: unknownCommands += 1
      }
    }
  }
}
