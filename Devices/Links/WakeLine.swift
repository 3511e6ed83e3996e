// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Wakes a thread that waits in poll(2): whoever closes or cancels pulls it. Its two
/// descriptors live as long as anybody holds it, so that a late pull never writes into a
/// descriptor number that belongs to something else by then.
final class WakeLine: Sendable {
  /// To be polled for reading.
  let bell: Int32
  private let cord: Int32
  private let last = Atomic<Bool>(false)

  /// Whether the link is to end.
  var isLast: Bool { last.load(ordering: .acquiring) }

  init() throws(LinkFault) {
    var ends: [Int32] = [-1, -1]
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
    guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { throw LinkFault(errno: errno) }
    bell = ends[0]
    cord = ends[1]
  }

  deinit {
    Glibc.close(bell)
    Glibc.close(cord)
  }

  /// Ends the present wait; `last` ends all later ones too.
  func pull(last: Bool = false) {
    if last { self.last.store(true, ordering: .releasing) }
    var byte: UInt8 = 1
    // A full line rings already.
    _ = send(cord, &byte, 1, Int32(MSG_NOSIGNAL))
  }

  /// Waits for a pull, and takes it back; false when none came in `patience`.
  func rings(within patience: Duration) -> Bool {
    var waits = [pollfd(fd: bell, events: Int16(POLLIN), revents: 0)]
    guard poll(&waits, 1, patience.wholeMilliseconds) > 0 else { return false }
    rest()
    return true
  }

  /// Takes back all pulls so far.
  func rest() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while Glibc.read(bell, &bytes, bytes.count) > 0 {}
  }
}
