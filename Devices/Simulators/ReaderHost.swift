// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Puts a `ReaderSimulator` behind a pseudo-terminal, as a serial reader on 115200 8N1.
///
/// `path` is a symbolic link to the slave side. The host keeps the slave open itself, so
/// the daemon may close and open it as often as it likes. What comes at another speed than
/// the reader's own is noise to it.
public final class ReaderHost: Sendable {
  /// Silence inside a request after which a real module forgets it, in milliseconds.
  private static let silence: Int32 = 300
  /// Between the pieces of an answer that comes in pieces, in milliseconds.
  private static let gap: Int32 = 3

  private let simulator = Mutex(ReaderSimulator())
  /// Nil while the reader is unplugged.
  private let line: Mutex<PseudoTerminalPair?>
  private let path: String
  private let events: EventLog
  private let wake: WakeUp
  private let stopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// Opens the terminal, makes the link and serves on a thread of its own.
  public init(link path: String, events: EventLog) throws(SimulatorFault) {
    line = Mutex(try PseudoTerminalPair(link: path, baud: speed_t(B115200)))
    self.path = path
    self.events = events
    wake = try WakeUp()
    DispatchQueue(label: "simulated reader").async { self.serve() }
  }

  /// Ends the thread and removes the link.
  public func stop() {
    guard !stopping.exchange(true, ordering: .sequentiallyConsistent) else { return }
    wake.ring()
    ended.wait()
    PseudoTerminalPair.removeLink(path)
  }

  public var card: SimulatedCard? { simulator.withLock { $0.card } }
  public var isPlugged: Bool { line.withLock { $0 != nil } }

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

  /// Pulls the cable: the link goes, whoever has the line open is hung up, the power is gone.
  public func unplug() {
    let pulled = line.withLock { line -> Bool in
      guard line != nil else { return false }
      line = nil
      PseudoTerminalPair.removeLink(path)
      return true
    }
    guard pulled else { return }
    simulator.withLock { $0.losePower() }
    events.record("reader.unplugged")
    wake.ring()
  }

  /// Puts the cable back in.
  public func plug() throws(SimulatorFault) {
    guard !isPlugged else { return }
    let new = try PseudoTerminalPair(link: path, baud: speed_t(B115200))
    line.withLock { $0 = new }
    events.record("reader.plugged")
    wake.ring()
  }

  public func fail(_ fault: ReaderFault) {
    simulator.withLock { $0.fail(fault) }
  }

  /// Changes what kind of reader it is.
  public func set(_ change: @Sendable (inout ReaderSimulator) -> Void) {
    simulator.withLock { change(&$0) }
  }

  private func serve() {
    var partial = false
    // What goes out again and again until the next request.
    var flood: [UInt8] = []
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let line = line.withLock { $0 }
      var wanted = [(wake.descriptor, POLLIN)]
      if let line { wanted.append((line.controller, flood.isEmpty ? POLLIN : POLLIN | POLLOUT)) }
      let ready = Readiness.wait(wanted, milliseconds: partial ? Self.silence : -1)
      if ready[0] != 0 { wake.quieten() }
      guard let line else {
        flood = []
        continue
      }
      if ready[1] & POLLIN != 0 {
        guard case .bytes(let bytes) = line.controller.take(4096) else { continue }
        (partial, flood) = answer(bytes, line)
      } else if ready[1] & POLLOUT != 0 {
        _ = line.controller.give(flood[...])
      } else if ready[0] == 0 {
        simulator.withLock { $0.lineFellSilent() }
        partial = false
      }
    }
    ended.signal()
  }

  /// Returns whether a request is still incomplete, and what is to be sent on and on.
  private func answer(_ bytes: [UInt8], _ line: PseudoTerminalPair) -> (Bool, [UInt8]) {
    let speed = line.speed
    let (answers, partial, read) = simulator.withLock { reader in
      guard reader.speed == speed else { return ([ReaderAnswer](), false, false) }
      let before = reader.cardsRead
      let answers = reader.answers(to: bytes)
      return (answers, reader.isPartial, reader.cardsRead > before)
    }
    if read { events.record("card.read") }
    for answer in answers {
      for (index, piece) in answer.pieces.enumerated() {
        if index > 0 { _ = Readiness.wait([], milliseconds: Self.gap) }
        line.controller.giveAll(piece, patience: Self.silence)
      }
    }
    return (partial, answers.last.flatMap { $0.isEndless ? $0.bytes : nil } ?? [])
  }
}
