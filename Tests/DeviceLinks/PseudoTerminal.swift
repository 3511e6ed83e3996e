// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// The device's end of a pseudo-terminal. `unplug()` is what a pulled cable is to a tty.
final class PseudoTerminal: Sendable {
  let path: String
  private let master: Mutex<Int32>

  init() throws {
    let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    master = Mutex(descriptor)
    var number: Int32 = 0
    // TIOCSPTLCK and TIOCGPTN, which Swift does not import.
    guard descriptor >= 0, ioctl(descriptor, 0x4004_5431, &number) == 0,
      ioctl(descriptor, 0x8004_5430, &number) == 0
    else { throw Trouble(code: errno) }
    path = "/dev/pts/\(number)"
  }

  deinit { unplug() }

  struct Trouble: Error { let code: Int32 }

  func unplug() {
    master.withLock {
      if $0 >= 0 { close($0) }
      $0 = -1
    }
  }

  func say(_ bytes: [UInt8]) { _ = master.withLock { write($0, bytes, bytes.count) } }

  /// The next `count` bytes that the link wrote; blocks, so ask only for what is under way.
  func hear(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    master.withLock { descriptor in
      while got < count {
        let more = bytes.withUnsafeMutableBytes { buffer in
          read(descriptor, buffer.baseAddress.map { $0 + got }, count - got)
        }
        guard more > 0 else { return }
        got += more
      }
    }
    return Array(bytes.prefix(got))
  }
}
