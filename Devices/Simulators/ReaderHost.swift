// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Puts a `ReaderSimulator` behind a pseudo-terminal, as a serial reader on 115200 8N1.
///
/// `path` is a symbolic link to the slave side. The host keeps the slave open itself, so
/// the daemon may close and open it as often as it likes.
public final class ReaderHost: Sendable {
  /// Silence inside a request after which a real module forgets it, in milliseconds.
  private static let silence: Int32 = 300

  private let simulator = Mutex(ReaderSimulator())
  private let controller: Descriptor
  private let slave: Descriptor
  private let path: String
  private let events: EventLog
  private let wake: WakeUp
  private let stopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// Opens the terminal, makes the link and serves on a thread of its own.
  public init(link path: String, events: EventLog) throws(SimulatorFault) {
    let (controller, slave, name) = try Self.openTerminal(path)
    unlinkIfLink(path)
    guard symlink(name, path) == 0 else { throw .noTerminal(path: path) }
    self.controller = controller
    self.slave = slave
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
    unlinkIfLink(path)
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

  private func serve() {
    var partial = false
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let ready = Readiness.wait(
        [(controller, POLLIN), (wake.descriptor, POLLIN)],
        milliseconds: partial ? Self.silence : -1)
      if ready[0] & POLLIN != 0 {
        guard case .bytes(let bytes) = controller.take(4096) else { break }
        partial = answer(bytes)
      } else if ready[1] == 0 {
        simulator.withLock { $0.lineFellSilent() }
        partial = false
      }
    }
    ended.signal()
  }

  /// Returns whether a request is still incomplete.
  private func answer(_ bytes: [UInt8]) -> Bool {
    let (answer, partial, read) = simulator.withLock { reader in
      let before = reader.cardsRead
      let answer = reader.receive(bytes)
      return (answer, reader.isPartial, reader.cardsRead > before)
    }
    if read { events.record("card.read") }
    controller.giveAll(answer, patience: Self.silence)
    return partial
  }

  /// By ioctl, since glibc shows its own functions for this only to X/Open programs.
  private static func openTerminal(
    _ path: String
  ) throws(SimulatorFault) -> (Descriptor, Descriptor, String) {
    let unlock: UInt = 0x4004_5431  // TIOCSPTLCK
    let askNumber: UInt = 0x8004_5430  // TIOCGPTN
    var locked: Int32 = 0
    var number: UInt32 = 0
    let flags = O_RDWR | O_NOCTTY | O_CLOEXEC
    guard let controller = Descriptor(open("/dev/ptmx", flags | O_NONBLOCK)),
      ioctl(controller.number, unlock, &locked) == 0,
      ioctl(controller.number, askNumber, &number) == 0,
      let slave = Descriptor(open("/dev/pts/\(number)", flags))
    else { throw .noTerminal(path: path) }
    makeRaw(slave)
    return (controller, slave, "/dev/pts/\(number)")
  }

  private static func makeRaw(_ slave: Descriptor) {
    var settings = termios()
    tcgetattr(slave.number, &settings)
    cfmakeraw(&settings)
    cfsetspeed(&settings, speed_t(B115200))
    tcsetattr(slave.number, TCSANOW, &settings)
    fchmod(slave.number, 0o600)
  }
}

/// Removes a link that a former life left there; never a file that somebody needs.
private func unlinkIfLink(_ path: String) {
  var facts = stat()
  guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK else { return }
  unlink(path)
}
