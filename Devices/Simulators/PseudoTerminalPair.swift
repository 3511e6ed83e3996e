// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A pseudo-terminal with a symbolic link to its slave. The slave stays open here, so that
/// the daemon may close and open it as often as it likes; it is hung up when nobody holds this.
final class PseudoTerminalPair: Sendable {
  /// The device's end; does not block.
  let controller: Descriptor
  private let slave: Descriptor
  private let path: String

  /// By ioctl, since glibc shows its own functions for this only to X/Open programs.
  init(link path: String, baud: speed_t) throws(SimulatorFault) {
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
    self.controller = controller
    self.slave = slave
    self.path = path
    Self.makeRaw(slave, baud)
    Self.removeLink(path)
    guard symlink("/dev/pts/\(number)", path) == 0 else { throw .noTerminal(path: path) }
  }

  /// The speed that the other end has set, in bits a second; 0 for one that no device here has.
  var speed: Int {
    var settings = termios()
    tcgetattr(slave.number, &settings)
    let speeds = [
      (B115200, 115_200), (B57600, 57_600), (B38400, 38_400), (B19200, 19_200), (B9600, 9_600),
    ]
    let code = cfgetospeed(&settings)
    return speeds.first { speed_t($0.0) == code }?.1 ?? 0
  }

  func removeLink() { Self.removeLink(path) }

  /// Also one that a former life left there; never a file that somebody needs.
  static func removeLink(_ path: String) {
    var facts = stat()
    guard lstat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFLNK else { return }
    unlink(path)
  }

  private static func makeRaw(_ slave: Descriptor, _ baud: speed_t) {
    var settings = termios()
    tcgetattr(slave.number, &settings)
    cfmakeraw(&settings)
    cfsetspeed(&settings, baud)
    tcsetattr(slave.number, TCSANOW, &settings)
    fchmod(slave.number, 0o600)
  }
}
