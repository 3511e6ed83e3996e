// SPDX-License-Identifier: Apache-2.0

/// A two-way stream of bytes to one device. Belongs to one driver at a time: two readings
/// at once would each get a part.
public protocol ByteLink: Sendable {
  /// Hands all of `bytes` to the device.
  ///
  /// - Parameter patience: the longest the device may take no byte at all.
  /// - Throws: `stalled` when it took none for that long, or the task was cancelled.
  func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault)

  /// The bytes that came, at least 1 and at most `limit`; waits for the first one only.
  /// With no patience it takes what is already there.
  ///
  /// - Throws: `late` when none came in `patience`, or the task was cancelled.
  func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8]

  /// Hands over `bytes` and gives the first that come then: one turn of a conversation. A link
  /// that has a thread of its own makes it there in one go.
  ///
  /// - Parameter patience: for each of the two.
  func turn(
    _ bytes: [UInt8], upTo limit: Int, within patience: Duration
  ) async throws(LinkFault) -> [UInt8]

  /// Lets `length` of `clock` pass between two turns; shorter when the task is cancelled.
  /// A link that has a thread of its own waits there, where the system's clock is the one that
  /// counts; any other clock is asked itself.
  ///
  /// - Throws: `gone` when the link ended meanwhile, as far as it can tell.
  func rest<Time: Clock<Duration>>(for length: Duration, by clock: Time) async throws(LinkFault)

  /// Where a driver of this link runs best: on the link's own thread, so that no turn of the
  /// conversation changes threads. Nil where there is no such thread. The link must outlive
  /// what runs there.
  var executor: (any TaskExecutor)? { get }

  /// Lets the bus start the device anew, where the bus can; drops what was on its way.
  ///
  /// - Throws: `gone` when it did not come back, which opening it again may mend.
  func reset() async throws(LinkFault)

  /// Changes the speed of a serial line, once all that was written has left at the old one.
  ///
  /// - Throws: `broken(EINVAL)` when the line does not take that speed.
  func setBaud(_ baud: BaudRate) async throws(LinkFault)

  /// Ends the link, and with `gone` whatever waits on it. Closing twice is harmless.
  func close() async
}

extension ByteLink {
  public func turn(
    _ bytes: [UInt8], upTo limit: Int, within patience: Duration
  ) async throws(LinkFault) -> [UInt8] {
    try await write(bytes, within: patience)
    return try await read(upTo: limit, within: patience)
  }

  public func rest<Time: Clock<Duration>>(
    for length: Duration, by clock: Time
  ) async throws(LinkFault) {
    // Throws only when cancelled, which the caller sees.
    try? await clock.sleep(for: length)
  }

  public var executor: (any TaskExecutor)? { nil }

  /// A line has no power over what hangs on it.
  public func reset() async throws(LinkFault) {}
  /// Only serial lines have a speed to set.
  public func setBaud(_ baud: BaudRate) async throws(LinkFault) {}
}
