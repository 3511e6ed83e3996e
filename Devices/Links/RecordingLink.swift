// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps what passes through `RecordingLink`s, in order. Several links one after another,
/// as a driver opens them anew, make one recording.
///
/// It keeps the beginning: when it is full, it stops, and the recording says so.
public final class ExchangeRecorder: Sendable {
  private struct Kept {
    var exchanges: [Exchange] = []
    var bytes = 0
    var isFull = false
  }

  private let elapsed: @Sendable () -> Duration
  private let scrubber: any ExchangeScrubber
  private let limits: (exchanges: Int, bytes: Int)
  private let kept = Mutex(Kept())

  /// - Parameters:
  ///   - clock: gives the times; the recording begins now.
  ///   - scrubber: takes personal data out of what the recording shows.
  ///   - limits: about 16 MiB of memory by default.
  public init<Time: Clock<Duration>>(
    clock: Time, scrubber: any ExchangeScrubber,
    limits: (exchanges: Int, bytes: Int) = (50_000, 4 * 1024 * 1024)
  ) {
    let start = clock.now
    elapsed = { start.duration(to: clock.now) }
    self.scrubber = scrubber
    self.limits = limits
  }

  /// Opens a link that is recorded from its opening on. Of several failures of the same kind
  /// on end it keeps one: how often a driver tries may change.
  public func opening(
    _ open: () async throws(LinkFault) -> any ByteLink
  ) async throws(LinkFault) -> RecordingLink {
    do throws(LinkFault) {
      let link = try await open()
      record(.opened)
      return RecordingLink(link, recorder: self)
    } catch {
      if kept.withLock({ $0.exchanges.last?.event }) != .openFailed(error) { record(.openFailed(error)) }
      throw error
    }
  }

  /// What was recorded so far.
  ///
  /// - Parameter showPersonal: leaves personal data in, for a person who was told.
  public func recording(remarks: [String] = [], showPersonal: Bool = false) -> ExchangeFile {
    let kept = kept.withLock { $0 }
    let exchanges = showPersonal ? kept.exchanges : scrubber.scrub(kept.exchanges)
    let personal = showPersonal ? ["Holds personal data as it was read: keep it accordingly."] : []
    let full = kept.isFull ? ["Breaks off where the recorder was full."] : []
    return ExchangeFile(remarks: remarks + personal + full, exchanges: exchanges)
  }

  func record(_ event: Exchange.Event) {
    let size =
      switch event {
      case .wrote(let bytes), .read(let bytes): bytes.count
      default: 0
      }
    let at = elapsed().wholeMicroseconds
    kept.withLock { kept in
      guard !kept.isFull else { return }
      guard kept.exchanges.count < limits.exchanges, kept.bytes + size <= limits.bytes else {
        kept.isFull = true
        return
      }
      // Two tasks may come here in another order than they looked at the clock.
      let time = max(at, kept.exchanges.last?.at ?? .zero)
      kept.exchanges.append(Exchange(at: time, event: event))
      kept.bytes += size
    }
  }
}

/// Any link, with a witness: all that passes is told to a recorder. An empty reading without
/// patience, which only looks whether something is there, is recorded like every other.
public struct RecordingLink: ByteLink {
  private let link: any ByteLink
  private let recorder: ExchangeRecorder

  public init(_ link: any ByteLink, recorder: ExchangeRecorder) {
    self.link = link
    self.recorder = recorder
  }

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    do throws(LinkFault) {
      try await link.write(bytes, within: patience)
    } catch {
      recorder.record(.writeFailed(error))
      throw error
    }
    if !bytes.isEmpty { recorder.record(.wrote(bytes)) }
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    do throws(LinkFault) {
      let bytes = try await link.read(upTo: limit, within: patience)
      recorder.record(.read(bytes))
      return bytes
    } catch {
      recorder.record(.readFailed(error))
      throw error
    }
  }

  public func rest<Time: Clock<Duration>>(
    for length: Duration, by clock: Time
  ) async throws(LinkFault) {
    try await link.rest(for: length, by: clock)
  }

  public var executor: (any TaskExecutor)? { link.executor }

  public func reset() async throws(LinkFault) {
    try await link.reset()
    recorder.record(.reset)
  }

  public func setBaud(_ baud: BaudRate) async throws(LinkFault) {
    try await link.setBaud(baud)
    recorder.record(.baud(baud))
  }

  public func close() async {
    await link.close()
    recorder.record(.closed)
  }
}

extension Duration {
  /// Cut off to what a recording can say.
  var wholeMicroseconds: Duration {
    let (seconds, attoseconds) = components
    return .seconds(seconds) + .microseconds(attoseconds / 1_000_000_000_000)
  }
}
