// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// One plugging-in of a serial reader: a pseudo-terminal, a symbolic link to its slave side, and
/// a thread that serves it. The slave is kept open here, so that the daemon may close and open it
/// as often as it likes; once the line is ended and gone, its open end hangs up.
final class ReaderLine: Sendable {
  /// Silence inside a request after which a real module forgets it, in milliseconds.
  private static let silence: Int32 = 300

  /// What is behind the line.
  struct Module: Sendable {
    /// Bytes in; bytes out, and whether a request is still incomplete.
    var answer: @Sendable ([UInt8]) -> (bytes: [UInt8], isPartial: Bool)
    var lineFellSilent: @Sendable () -> Void
  }

  private let controller: Descriptor
  private let slave: Descriptor
  private let path: String
  private let module: Module
  private let wake: WakeUp
  private let stopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  /// Opens the terminal, makes the link and serves on a thread of its own.
  init(link path: String, module: Module) throws(SimulatorFault) {
    let (controller, slave, name) = try Self.openTerminal(path)
    unlinkIfLink(path)
    guard symlink(name, path) == 0 else { throw .noTerminal(path: path) }
    self.controller = controller
    self.slave = slave
    self.path = path
    self.module = module
    wake = try WakeUp()
    DispatchQueue(label: "simulated reader").async { self.serve() }
  }

  /// Removes the link and ends the thread.
  func end() {
    guard !stopping.exchange(true, ordering: .sequentiallyConsistent) else { return }
    unlinkIfLink(path)
    wake.ring()
    ended.wait()
  }

  private func serve() {
    var partial = false
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let ready = Readiness.wait(
        [(controller, POLLIN), (wake.descriptor, POLLIN)],
        milliseconds: partial ? Self.silence : -1)
      if ready[0] & POLLIN != 0 {
        guard case .bytes(let bytes) = controller.take(4096) else { break }
        let answer = module.answer(bytes)
        partial = answer.isPartial
        controller.giveAll(answer.bytes, patience: Self.silence)
      } else if ready[1] == 0 {
        module.lineFellSilent()
        partial = false
      }
    }
    ended.signal()
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
