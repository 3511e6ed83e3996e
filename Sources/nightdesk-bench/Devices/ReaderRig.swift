// SPDX-License-Identifier: Apache-2.0

import CardReaders
import DeviceKit
import DeviceLinks
import Records
import Synchronization

/// The real driver on the real serial link; the reader at its other end is simulated in
/// another process.
final class ReaderRig: Sendable {
  struct Seen: Sendable {
    /// Nil: nothing happened, but time passes.
    var event: CardEvent?
    var at: Double
  }

  let link: String
  private let child: Child
  private let lastFind = LastFind()

  static func start(in folder: BenchFolder, _ workshop: Workshop) async throws -> ReaderRig {
    let link = folder.file("reader")
    let child = try Child.start(workshop.program, ["part", "reader", link])
    guard try await child.line() == "ready" else { throw BenchFault("no simulated reader") }
    return ReaderRig(link, child)
  }

  private init(_ link: String, _ child: Child) {
    self.link = link
    self.child = child
  }

  /// When the driver last began to look for a card.
  var find: Double { lastFind.time }

  func order(_ words: String) async throws {
    child.say(words)
    guard try await child.line() == "done" else { throw BenchFault("the reader did not \(words)") }
  }

  /// Runs the driver while `scene` plays.
  ///
  /// - Parameters:
  ///   - poll: from one look for a card to the next, in milliseconds.
  ///   - patience: for an answer, in milliseconds.
  ///   - ticks: so often it is told that nothing happened.
  func serve<Value: Sendable>(
    poll: Int, patience: Int = 2000, ticks: Duration? = nil,
    _ scene: (inout AsyncStream<Seen>.AsyncIterator) async throws -> Value
  ) async throws -> Value {
    let (events, feed) = AsyncStream.makeStream(of: Seen.self)
    let driver = driver(poll: poll, patience: patience)
    return try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask { await driver.run { feed.yield(Seen(event: $0, at: Stopwatch.now)) } }
      if let ticks {
        group.addTask {
          while !Task.isCancelled {
            try? await Task.sleep(for: ticks)
            feed.yield(Seen(event: nil, at: Stopwatch.now))
          }
        }
      }
      var seen = events.makeAsyncIterator()
      return try await scene(&seen)
    }
  }

  private func driver(poll: Int, patience: Int) -> some CardReader {
    let model = ReaderModel(
      id: "bench", driver: .sdt, link: .serial(baud: .baud115200), pollMilliseconds: poll,
      timeoutMilliseconds: .init(find: patience, select: patience, read: patience), presence: .find)
    let (link, lastFind) = (link, lastFind)
    return SDTCardReader(
      model: model,
      open: { () throws(LinkFault) in
        TimedLink(link: try await SerialLink.open(path: link, baud: .baud115200), lastFind: lastFind)
      }, clock: ContinuousClock(),
      supervisor: DeviceSupervisor(
        place: "reader", bus: nil, absent: .readerGone, clock: ContinuousClock(), chance: SystemChance(),
        health: NoBoard()))
  }
}

/// When a find was written last.
private final class LastFind: Sendable {
  private let kept = Mutex(0.0)

  var time: Double { kept.withLock { $0 } }

  func note() { kept.withLock { $0 = Stopwatch.now } }
}

private struct TimedLink: ByteLink {
  let link: SerialLink
  let lastFind: LastFind

  func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    try await link.write(bytes, within: patience)
  }

  func turn(
    _ bytes: [UInt8], upTo limit: Int, within patience: Duration
  ) async throws(LinkFault) -> [UInt8] {
    if bytes == SDTRequest.find.frame { lastFind.note() }
    return try await link.turn(bytes, upTo: limit, within: patience)
  }

  func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    try await link.read(upTo: limit, within: patience)
  }

  func rest<Time: Clock<Duration>>(for length: Duration, by clock: Time) async throws(LinkFault) {
    try await link.rest(for: length, by: clock)
  }

  var executor: (any TaskExecutor)? { link.executor }

  func close() async { await link.close() }
}

private struct NoBoard: HealthBoard {
  func report(_ device: String, _ state: DeviceState) {}
}
