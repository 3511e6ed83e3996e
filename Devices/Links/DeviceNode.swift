// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file of a character device, read and written without blocking for longer than
/// asked. Belongs to one link and is touched on that link's thread only.
///
/// The descriptor is closed by `shut()`, at the latest when the node is forgotten.
final class DeviceNode {
  let path: String
  private let wake: WakeLine
  /// -1 after closing.
  private(set) var descriptor: Int32

  /// Opens the node at `path`, a symbolic link to one too. Each link holds a lock (flock)
  /// on its node: a second one gets `busy`.
  init(path: String, mode: Int32, wake: WakeLine) throws(LinkFault) {
    self.path = path
    self.wake = wake
    // Without O_NONBLOCK an open may wait for a carrier for ever.
    descriptor = Glibc.open(path, mode | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw LinkFault(errno: errno) }
    // Not TIOCEXCL: on a pseudo-terminal it outlives a killed process.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw LinkFault(errno: errno) }
  }

  deinit { shut() }

  func shut() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }

  func send(_ bytes: [UInt8], _ patience: Duration) -> Result<Void, LinkFault> {
    Result { () throws(LinkFault) in
      var rest = bytes[...]
      while !rest.isEmpty {
        guard descriptor >= 0 else { throw .gone }
        let taken = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if taken > 0 {
          rest = rest.dropFirst(taken)
        } else if taken < 0, errno != EAGAIN, errno != EINTR {
          throw LinkFault(errno: errno)
        } else if try !ready(POLLOUT, patience) {
          throw .stalled
        }
      }
    }
  }

  func receive(_ limit: Int, _ patience: Duration) -> Result<[UInt8], LinkFault> {
    Result { () throws(LinkFault) in
      while true {
        guard try ready(POLLIN, patience) else {
          throw patience > .zero && isReplaced() ? .gone : .late
        }
        var got = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, used in
          got = Glibc.read(descriptor, buffer.baseAddress, limit)
          used = max(got, 0)
        }
        if got > 0 { return bytes }
        guard got < 0 else { throw .gone }
        guard errno == EAGAIN || errno == EINTR else { throw LinkFault(errno: errno) }
      }
    }
  }

  /// Waits for nothing but the end of `length`; shorter when the task is cancelled. A device
  /// that leaves meanwhile is gone at once.
  func rest(_ length: Duration) -> Result<Void, LinkFault> {
    Result { () throws(LinkFault) in _ = try ready(0, length) }
  }

  /// Waits until `isDone`, looking each millisecond; false when that took longer than
  /// `patience`, or the task was cancelled.
  func wait(
    _ patience: Duration, until isDone: () throws(LinkFault) -> Bool
  ) throws(LinkFault) -> Bool {
    var left = patience.wholeMilliseconds
    while try !isDone() {
      guard left > 0 else { return false }
      left -= 1
      if try !rings() { continue }
      if Task.isCancelled { return false }
    }
    return true
  }

  /// Whether the node is ready for `event` (0: for none, so that only a hang-up counts); false
  /// when it was not in `patience`, or when the task was cancelled.
  private func ready(_ event: Int32, _ patience: Duration) throws(LinkFault) -> Bool {
    while true {
      guard descriptor >= 0, !wake.isLast else { throw .gone }
      guard !Task.isCancelled else { return false }
      var waits = [
        pollfd(fd: descriptor, events: Int16(event), revents: 0),
        pollfd(fd: wake.bell, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&waits, nfds_t(waits.count), patience.wholeMilliseconds)
      // Dispatch blocks signals on its threads, so waiting anew cannot go on for ever.
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw LinkFault(errno: errno) }
      guard count > 0 else { return false }
      if waits[1].revents != 0 {
        wake.rest()
        continue
      }
      guard Int32(waits[0].revents) & event != 0 else { throw .gone }
      return true
    }
  }

  /// Whether somebody pulled the wake line within a millisecond.
  private func rings() throws(LinkFault) -> Bool {
    guard descriptor >= 0, !wake.isLast else { throw .gone }
    guard wake.rings(within: .milliseconds(1)) else { return false }
    guard !wake.isLast else { throw .gone }
    return true
  }

  /// Whether the path leads to another device by now, or nowhere.
  private func isReplaced() -> Bool {
    var open = stat()
    var named = stat()
    guard fstat(descriptor, &open) == 0, stat(path, &named) == 0 else { return true }
    return open.st_ino != named.st_ino || open.st_dev != named.st_dev
  }
}
