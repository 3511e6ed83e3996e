// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A serial line: any tty by its path, 8 data bits, no parity, 1 stop bit, no flow
/// control, no translation of bytes. The slave of a pseudo-terminal works as well.
///
/// The descriptor is closed by `close()`, at the latest when the link is forgotten.
public actor SerialLink: ByteLink {
  private let thread: LinkThread
  private let wake: WakeLine
  private let path: String
  /// Nil before opening and after closing.
  private var node: DeviceNode?

  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    thread.asUnownedSerialExecutor()
  }

  public nonisolated var executor: (any TaskExecutor)? { thread }

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

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    try await interruptible { self.opened { $0.send(bytes, patience) } }.get()
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    try await interruptible { self.opened { $0.receive(limit, patience) } }.get()
  }

  public func turn(
    _ bytes: [UInt8], upTo limit: Int, within patience: Duration
  ) async throws(LinkFault) -> [UInt8] {
    try await interruptible {
      self.opened { node in
        node.send(bytes, patience).flatMap { node.receive(limit, patience) }
      }
    }.get()
  }

  public func rest<Time: Clock<Duration>>(
    for length: Duration, by clock: Time
  ) async throws(LinkFault) {
    guard clock is ContinuousClock else {
      // Throws only when cancelled, which the caller sees.
      try? await clock.sleep(for: length)
      return
    }
    try await interruptible { self.opened { $0.rest(length) } }.get()
  }

  /// Changes the speed of the open line once all that was written has left at the old one.
  /// What came and was not read yet stays.
  ///
  /// - Throws: `stalled` when the bytes did not leave within 5 s, longer than a full buffer
  ///   (4,096 bytes) takes at 9,600 baud; `broken(EINVAL)` when the line does not take the
  ///   speed, in which case it keeps the old one or one of its own.
  public func setBaud(_ baud: BaudRate) async throws(LinkFault) {
    try await interruptible { self.opened { node in Self.setSpeed(baud, on: node) } }.get()
  }

  public nonisolated func close() async {
    wake.pull(last: true)
    await shut()
  }
}

extension SerialLink {
  private static let drainPatience = Duration.seconds(5)

  private func open(_ baud: BaudRate) throws(LinkFault) {
    let node = try DeviceNode(path: path, mode: O_RDWR, wake: wake)
    self.node = node
    var line = termios()
    guard tcgetattr(node.descriptor, &line) == 0 else { throw LinkFault(errno: errno) }
    // Sets VMIN to 1 too, so that reading no byte means a hang-up.
    cfmakeraw(&line)
    line.c_cflag &= ~(tcflag_t(CSTOPB) | tcflag_t(CRTSCTS))
    line.c_cflag |= tcflag_t(CLOCAL) | tcflag_t(CREAD)
    cfsetspeed(&line, baud.speed)
    guard tcsetattr(node.descriptor, TCSANOW, &line) == 0 else { throw LinkFault(errno: errno) }
    tcflush(node.descriptor, TCIOFLUSH)
  }

  private func shut() {
    guard let node else { return }
    // Bytes that nobody takes would hold up the closing of a serial port for 30 s.
    tcflush(node.descriptor, TCIOFLUSH)
    node.shut()
    self.node = nil
  }

  private func opened<Value>(
    _ work: (DeviceNode) -> Result<Value, LinkFault>
  ) -> Result<Value, LinkFault> {
    node.map(work) ?? .failure(.gone)
  }

  private static func setSpeed(_ baud: BaudRate, on node: DeviceNode) -> Result<Void, LinkFault> {
    Result { () throws(LinkFault) in
      // Not TCSADRAIN alone: it would wait without end for a line that takes nothing.
      let left = try node.wait(drainPatience) { () throws(LinkFault) in
        var waiting: Int32 = 0
        guard ioctl(node.descriptor, UInt(TIOCOUTQ), &waiting) == 0 else { throw LinkFault(errno: errno) }
        return waiting == 0
      }
      guard left else { throw .stalled }
      var line = termios()
      guard tcgetattr(node.descriptor, &line) == 0 else { throw LinkFault(errno: errno) }
      cfsetspeed(&line, baud.speed)
      // The last bytes may still be in the chip, which this waits for.
      guard tcsetattr(node.descriptor, TCSADRAIN, &line) == 0 else { throw LinkFault(errno: errno) }
      // tcsetattr is content when anything at all could be set (POSIX).
      guard tcgetattr(node.descriptor, &line) == 0 else { throw LinkFault(errno: errno) }
      guard cfgetospeed(&line) == baud.speed, cfgetispeed(&line) == baud.speed else {
        throw .broken(EINVAL)
      }
    }
  }

  /// Runs `work` on the link's thread; a cancelled task ends its waiting at once.
  private func interruptible<Value: Sendable>(
    _ work: () -> Result<Value, LinkFault>
  ) async -> Result<Value, LinkFault> {
    await withTaskCancellationHandler(operation: work) { [wake] in wake.pull() }
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
