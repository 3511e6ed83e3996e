// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The line that cupsd gives to a filter: standard output leads to the backend, descriptor
/// 3 brings back what the printer says, SIGTERM is a cancel (CUPS, api-filter; the same
/// descriptor that cupsBackChannelRead reads). Waiting is one `pselect` for all three, so
/// that a cancel is heard at once even when the printer has stopped reading.
struct CupsLine: PrinterLine {
  private static let output: Int32 = 1
  private static let back: Int32 = 3
  /// A pipe that selects as writable takes this much without blocking.
  private static let portion = 4096
  private static let patienceAfterCancel = 1_500

  /// The signals that may interrupt a wait, and only a wait.
  private var waiting = sigset_t()
  private let start: Int
  private(set) var isCancelled = false
  private(set) var isClosed = false
  private var isCancelTold = false
  private var received: [UInt8] = []

  /// From here on SIGTERM no longer ends the process.
  init() {
    sigprocmask(SIG_BLOCK, nil, &waiting)
    var block = waiting
    sigaddset(&block, SIGTERM)
    sigdelset(&waiting, SIGTERM)
    sigprocmask(SIG_BLOCK, &block, nil)
    signal(SIGTERM) { _ in }
    signal(SIGPIPE, SIG_IGN)
    start = Self.milliseconds()
  }

  var elapsed: Int { Self.milliseconds() - start }

  mutating func send(_ bytes: [UInt8], within patience: Int) -> Bool {
    var end = elapsed + patience
    var sent = 0
    while sent < bytes.count, !isClosed {
      if isCancelled { end = min(end, elapsed + Self.patienceAfterCancel) }
      guard wait(writing: true, until: end) else {
        if isCancelled, elapsed < end { continue }
        return false
      }
      let portion = bytes[sent..<min(sent + Self.portion, bytes.count)]
      let count = portion.withUnsafeBytes { write(Self.output, $0.baseAddress, $0.count) }
      if count > 0 { sent += count } else if errno != EINTR { isClosed = true }
    }
    return sent == bytes.count
  }

  mutating func receive(within patience: Int) -> UInt8? {
    let end = elapsed + patience
    while received.isEmpty {
      if isCancelled, !isCancelTold {
        isCancelTold = true
        return nil
      }
      guard !isClosed, elapsed < end else { return nil }
      _ = wait(writing: false, until: end)
    }
    return received.removeFirst()
  }

  /// True when something can be done; false at the end of patience or on a cancel.
  private mutating func wait(writing: Bool, until end: Int) -> Bool {
    while !isClosed {
      let left = end - elapsed
      guard left > 0 else { return false }
      var readable = Self.set(Self.back)
      var writable = Self.set(writing ? Self.output : nil)
      var time = timespec(tv_sec: left / 1000, tv_nsec: left % 1000 * 1_000_000)
      guard pselect(Self.back + 1, &readable, &writable, nil, &time, &waiting) >= 0 else {
        // Nothing but SIGTERM has a handler.
        isCancelled = true
        return false
      }
      if readable.__fds_bits.0 != 0 { readBack() }
      if writing ? writable.__fds_bits.0 != 0 : !received.isEmpty { return true }
    }
    return false
  }

  private static func set(_ descriptor: Int32?) -> fd_set {
    var set = fd_set()
    if let descriptor { set.__fds_bits.0 = 1 << Int(descriptor) }
    return set
  }

  private mutating func readBack() {
    var buffer = [UInt8](repeating: 0, count: 512)
    let count = read(Self.back, &buffer, buffer.count)
    if count > 0 { received += buffer.prefix(count) } else { isClosed = true }
    // More than the answers to a whole job: somebody talks without being asked.
    if received.count > 4096 { received.removeFirst(received.count - 4096) }
  }

  private static func milliseconds() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
