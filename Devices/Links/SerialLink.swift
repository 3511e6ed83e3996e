// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A serial line: any tty by its path, 8 data bits, no parity, 1 stop bit, no flow
/// control, no translation of bytes. The slave of a pseudo-terminal works as well.
///
/// The descriptor is closed by `close()`, at the latest when the link is forgotten.
public actor SerialLink: ByteLink {
  private let path: String
  private let thread: LinkThread
  private let wake: WakeLine
  /// -1 before opening and after closing.
  private var descriptor: Int32 = -1

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  /// Opens the tty at `path`, a symbolic link to one too, and drops what lay in its
  /// buffers. Each link holds a lock (flock) on its tty: a second one gets `busy`.
  public static func open(path: String, baud: BaudRate) async throws(LinkFault) -> SerialLink {
    let link = try SerialLink(path: path)
    try await link.open(baud)
    return link
  }

  private init(path: String) throws(LinkFault) {
    self.path = path
    thread = LinkThread(label: "serial link")
    wake = try WakeLine()
  }

  deinit {
    if descriptor >= 0 { Glibc.close(descriptor) }
  }

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    try await interruptible { self.send(bytes, patience) }.get()
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    try await interruptible { self.receive(limit, patience) }.get()
  }

  public nonisolated func close() async {
    wake.pull(last: true)
    await shut()
  }
}

extension SerialLink {
  private func open(_ baud: BaudRate) throws(LinkFault) {
    // Without O_NONBLOCK an open may wait for a carrier for ever.
    descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw LinkFault(errno: errno) }
    // Not TIOCEXCL: on a pseudo-terminal it outlives a killed process.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw LinkFault(errno: errno) }
    var line = termios()
    guard tcgetattr(descriptor, &line) == 0 else { throw LinkFault(errno: errno) }
    // Sets VMIN to 1 too, so that reading no byte means a hang-up.
    cfmakeraw(&line)
    line.c_cflag &= ~(tcflag_t(CSTOPB) | tcflag_t(CRTSCTS))
    line.c_cflag |= tcflag_t(CLOCAL) | tcflag_t(CREAD)
    cfsetspeed(&line, baud.speed)
    guard tcsetattr(descriptor, TCSANOW, &line) == 0 else { throw LinkFault(errno: errno) }
    tcflush(descriptor, TCIOFLUSH)
  }

  private func shut() {
    guard descriptor >= 0 else { return }
    // Bytes that nobody takes would hold up the closing of a serial port for 30 s.
    tcflush(descriptor, TCIOFLUSH)
    Glibc.close(descriptor)
    descriptor = -1
  }

  /// Runs `work` on the link's thread; a cancelled task ends its waiting at once.
  private func interruptible<Value: Sendable>(
    _ work: () -> Result<Value, LinkFault>
  ) async -> Result<Value, LinkFault> {
    await withTaskCancellationHandler(operation: work) { [wake] in wake.pull() }
  }

  private func send(_ bytes: [UInt8], _ patience: Duration) -> Result<Void, LinkFault> {
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

  private func receive(_ limit: Int, _ patience: Duration) -> Result<[UInt8], LinkFault> {
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

  /// Whether the tty is ready for `event`; false when it was not in `patience`, or when
  /// the task was cancelled.
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

  /// Whether the path leads to another device by now, or nowhere.
  private func isReplaced() -> Bool {
    var open = stat()
    var named = stat()
    guard fstat(descriptor, &open) == 0, stat(path, &named) == 0 else { return true }
    return open.st_rdev != named.st_rdev || open.st_ino != named.st_ino
      || open.st_dev != named.st_dev
  }
}

extension Duration {
  /// As poll(2) wants it, rounded up.
  var wholeMilliseconds: Int32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0 else { return 0 }
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }
}
