// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file descriptor, closed when nobody holds it any more; so a number is never
/// closed under a thread that still waits on it.
final class Descriptor: Sendable {
  let number: Int32

  /// Nil for a negative number, which is how C says that opening failed.
  init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit {
    close(number)
  }

  enum Incoming {
    case bytes([UInt8])
    case nothingYet
    case ended
  }

  /// Up to `limit` bytes that are there now.
  func take(_ limit: Int) -> Incoming {
    var count = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
      repeat { count = read(number, buffer.baseAddress, limit) } while count < 0 && errno == EINTR
      code = errno
      filled = max(0, count)
    }
    if count > 0 { return .bytes(bytes) }
    return count < 0 && (code == EAGAIN || code == EWOULDBLOCK) ? .nothingYet : .ended
  }

  /// Writes what fits now; returns how many bytes, or nil when the other side is gone.
  func give(_ bytes: ArraySlice<UInt8>) -> Int? {
    var count = 0
    repeat {
      count = bytes.withUnsafeBytes { put($0) }
    } while count < 0 && errno == EINTR
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : nil
  }

  /// `send` for sockets, since `write` on a closed one would end the process by SIGPIPE.
  private func put(_ bytes: UnsafeRawBufferPointer) -> Int {
    let count = send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    return count < 0 && errno == ENOTSOCK ? write(number, bytes.baseAddress, bytes.count) : count
  }

  /// Writes all, waiting up to `patience` milliseconds each time the line is full; what
  /// does not fit then is lost, as on a real line that nobody reads. Returns whether all fitted.
  @discardableResult func giveAll(_ bytes: [UInt8], patience: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let count = give(rest) else { return false }
      rest = rest.dropFirst(count)
      if count == 0, Readiness.wait([(self, POLLOUT)], milliseconds: patience)[0] == 0 { return false }
    }
    return true
  }
}

/// poll(2).
enum Readiness {
  /// Waits until one of them is ready; returns what each is ready for. `milliseconds` -1
  /// waits without end.
  static func wait(_ wanted: [(Descriptor, Int32)], milliseconds: Int32) -> [Int32] {
    var list = wanted.map { pollfd(fd: $0.0.number, events: Int16($0.1), revents: 0) }
    while poll(&list, nfds_t(list.count), milliseconds) < 0, errno == EINTR {}
    return list.map { Int32($0.revents) }
  }
}

/// Wakes a thread that waits in `Readiness.wait`.
final class WakeUp: Sendable {
  let descriptor: Descriptor
  private let bell: Descriptor

  init() throws(SimulatorFault) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, let descriptor = Descriptor(ends[0]), let bell = Descriptor(ends[1])
    else { throw .outOfDescriptors }
    self.descriptor = descriptor
    self.bell = bell
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
  }

  func ring() {
    _ = bell.give([1])
  }

  func quieten() {
    _ = descriptor.take(64)
  }
}
