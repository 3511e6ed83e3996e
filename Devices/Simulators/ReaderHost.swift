// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Puts a `ReaderSimulator` behind a pseudo-terminal, as a serial reader on 115200 8N1, that can
/// be unplugged and plugged in again. `path` is a symbolic link to the slave side.
public final class ReaderHost: Sendable {
  private let simulator = Mutex(ReaderSimulator())
  private let line = Mutex<ReaderLine?>(nil)
  private let path: String
  private let events: EventLog

  /// Plugged in.
  public init(link path: String, events: EventLog) throws(SimulatorFault) {
    self.path = path
    self.events = events
    try connect()
  }

  /// Ends the thread and removes the link.
  public func stop() { disconnect() }

  public var isPluggedIn: Bool { line.withLock { $0 != nil } }

  /// Pulls the plug: the link goes, and who has the line open finds it hung up. A card that lies
  /// on the reader stays where it is.
  public func unplug() {
    guard isPluggedIn else { return }
    disconnect()
    events.record("reader.unplugged")
  }

  /// Plugs it in again: the firmware starts anew, and finds what lies on it as if just put down.
  public func plug() throws(SimulatorFault) {
    guard !isPluggedIn else { return }
    simulator.withLock { reader in
      reader.lineFellSilent()
      if let card = reader.card { reader.put(card) }
    }
    try connect()
    events.record("reader.plugged")
  }

  private func connect() throws(SimulatorFault) {
    let module = ReaderLine.Module(
      answer: { [weak self] in self?.answer($0) ?? ([], false) },
      lineFellSilent: { [weak self] in self?.simulator.withLock { $0.lineFellSilent() } })
    let new = try ReaderLine(link: path, module: module)
    line.withLock { $0 = new }
  }

  private func disconnect() {
    let former = line.withLock { line in
      defer { line = nil }
      return line
    }
    former?.end()
  }

  public var card: SimulatedCard? { simulator.withLock { $0.card } }

  /// Puts `card` on, in place of one that may lie there.
  public func put(_ card: SimulatedCard) {
    simulator.withLock { reader in
      if reader.card != nil { events.record("card.taken") }
      reader.take()
      reader.put(card)
      events.record("card.put")
    }
  }

  public func take() {
    simulator.withLock { reader in
      guard reader.card != nil else { return }
      reader.take()
      events.record("card.taken")
    }
  }

  public func fail(_ fault: ReaderFault) {
    simulator.withLock { $0.fail(fault) }
  }

  /// See `ReaderSimulator.findsReadCardAgain`.
  public func set(findsReadCardAgain: Bool) {
    simulator.withLock { $0.findsReadCardAgain = findsReadCardAgain }
  }

  private func answer(_ bytes: [UInt8]) -> (bytes: [UInt8], isPartial: Bool) {
    let (answer, partial, read) = simulator.withLock { reader in
      let before = reader.cardsRead
      let answer = reader.receive(bytes)
      return (answer, reader.isPartial, reader.cardsRead > before)
    }
    if read { events.record("card.read") }
    return (answer, partial)
  }
}
