// SPDX-License-Identifier: Apache-2.0

/// Cuts an ESC/POS stream into commands, however it arrives in pieces.
///
/// It always knows what a byte belongs to, so raster data that happens to hold 10 04 01
/// stays data. (Real printers may act on such bytes; a driver must bear both.)
struct CommandScanner: Sendable {
  struct Scanned: Hashable, Sendable {
    var command: PrinterCommand
    var bytes: [UInt8]
  }

  private enum Place {
    case head
    /// `end`: length of the whole command.
    case payload(end: Int)
    case untilNul
    case rows(mode: UInt8, rowBytes: Int, left: Int)
  }

  private var place = Place.head
  private var taken: [UInt8] = []

  /// Bytes of a command that is not whole yet.
  var pendingBytes: Int { taken.count }

  /// Forgets a command that was not sent to its end.
  mutating func dropPartial() {
    place = .head
    taken = []
  }

  mutating func scan(_ bytes: [UInt8]) -> [Scanned] {
    var found: [Scanned] = []
    var index = 0
    while index < bytes.count {
      let wanted = min(wantedBytes, bytes.count - index)
      taken += bytes[index..<index + wanted]
      index += wanted
      if let scanned = step() { found.append(scanned) }
    }
    return found
  }

  /// How many bytes can be taken together without looking at them.
  private var wantedBytes: Int {
    switch place {
    case .head, .untilNul: 1
    case .payload(let end): end - taken.count
    case .rows(_, let rowBytes, _): rowBytes - taken.count
    }
  }

  private mutating func step() -> Scanned? {
    switch place {
    case .head: return stepInHead()
    case .untilNul: return taken.last == 0 ? finish(.setting) : nil
    case .payload(let end): return taken.count == end ? finish(.setting) : nil
    case .rows(let mode, let rowBytes, let left):
      guard taken.count == rowBytes else { return nil }
      return stepInRows(mode: mode, rowBytes: rowBytes, left: left)
    }
  }

  private mutating func stepInHead() -> Scanned? {
    switch CommandShape.of(taken) {
    case .more: return nil
    case .whole(let command): return finish(command)
    case .untilNul:
      place = .untilNul
      return nil
    case .payload(let length):
      guard length > 0 else { return finish(.setting) }
      place = .payload(end: taken.count + length)
      return nil
    case .raster(let mode, let rowBytes, let rows):
      let head = finish(.raster)
      if rowBytes > 0, rows > 0 { place = .rows(mode: mode, rowBytes: rowBytes, left: rows) }
      return head
    }
  }

  private mutating func stepInRows(mode: UInt8, rowBytes: Int, left: Int) -> Scanned {
    let row = RasterRow(
      bits: taken, doubleWidth: mode & 1 == 1, doubleHeight: mode & 2 == 2)
    let scanned = finish(.row(row))
    if left > 1 { place = .rows(mode: mode, rowBytes: rowBytes, left: left - 1) }
    return scanned
  }

  private mutating func finish(_ command: PrinterCommand) -> Scanned {
    defer { dropPartial() }
    return Scanned(command: command, bytes: taken)
  }
}
