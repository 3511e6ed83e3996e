// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// A code scanner on a pseudo-terminal, as one set to a serial line: each code's bytes, then
/// what the scanner puts behind. `path` is a symbolic link to the slave side.
public final class ScannerHost: Sendable {
  /// How long the line may be full before the rest is lost, in milliseconds.
  private static let patience: Int32 = 300
  private static let piece = 4096

  private let path: String
  private let events: EventLog
  private let suffix: [UInt8]
  private let terminal = Mutex<PseudoTerminalPair?>(nil)

  /// - Parameter suffix: `[13]` as most scanners leave the factory.
  public init(link path: String, suffix: [UInt8] = [13], events: EventLog) throws(SimulatorFault) {
    self.path = path
    self.suffix = suffix
    self.events = events
    try plug()
  }

  public func stop() { unplug() }

  public var isPlugged: Bool { terminal.withLock { $0 != nil } }

  /// Harmless when it is plugged in.
  public func plug() throws(SimulatorFault) {
    guard !isPlugged else { return }
    let pair = try PseudoTerminalPair(link: path, baud: speed_t(B9600))
    terminal.withLock { $0 = pair }
  }

  /// As when the cable is pulled.
  public func unplug() {
    terminal.withLock { pair in
      pair?.removeLink()
      pair = nil
    }
  }

  /// A code is held before it. Nothing happens where it is not plugged in.
  public func scan(_ code: [UInt8]) {
    guard give(code + suffix) else { return }
    events.record("code.scanned", ["bytes": .number(code.count)])
  }

  /// It sends so many bytes without an end, as a broken one does; what nobody takes is lost.
  public func flood(bytes count: Int) {
    var left = count
    while left > 0, give([UInt8](repeating: UInt8(ascii: "8"), count: min(left, Self.piece))) {
      left -= Self.piece
    }
    events.record("code.flood", ["bytes": .number(count)])
  }

  private func give(_ bytes: [UInt8]) -> Bool {
    guard let line = terminal.withLock({ $0?.controller }) else { return false }
    return line.giveAll(bytes, patience: Self.patience)
  }
}
