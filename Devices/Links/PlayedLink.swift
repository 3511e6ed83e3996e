// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A device that answers as it did when it was recorded, and watches that it is asked the
/// same again. A driver that opens its link anew goes on in the recording, by `open`.
///
/// - A write must be, byte for byte, the recorded one. Recorded readings that found nothing
///   are passed over then: how often a driver looks in vain may change.
/// - A reading where the recording has a write next finds nothing (`late`).
/// - At the end, and after the first difference, everything is `gone`.
public final class PlayedLink: ByteLink {
  /// Where driver and recording part.
  public struct Difference: Hashable, Sendable, CustomStringConvertible {
    /// Of the recording's exchanges, from 1; one more than there are at its end.
    public var exchange: Int
    public var recorded: Exchange.Event?
    public var met: Exchange.Event

    public var description: String {
      let recorded = recorded.map { "\($0)" } ?? "the end"
      return "exchange \(exchange): recorded was \(recorded), met was \(met)"
    }
  }

  private struct Play {
    var next = 0
    /// What of the next reading was handed out already.
    var taken = 0
    var difference: Difference?
  }

  private let exchanges: [Exchange]
  private let pause: (@Sendable (Duration) async -> Void)?
  private let play = Mutex(Play())

  /// - Parameter pause: waits as long as the device took; nil answers at once.
  public init(_ file: ExchangeFile, pause: (@Sendable (Duration) async -> Void)? = nil) {
    exchanges = file.exchanges
    self.pause = pause
  }

  /// Nil while driver and recording agree.
  public var difference: Difference? { play.withLock { $0.difference } }
  /// Whether all that was recorded was played.
  public var isOver: Bool { play.withLock { $0.next == exchanges.count } }

  /// The player itself, where the link could be opened when it was recorded, and where the
  /// recording tells of no openings.
  public func open() async throws(LinkFault) -> PlayedLink {
    try play.withLock { play throws(LinkFault) in
      skipVainReadings(&play)
      guard play.difference == nil, play.next < exchanges.count else { throw .gone }
      switch exchanges[play.next].event {
      case .opened: step(&play)
      case .openFailed(let fault):
        step(&play)
        throw fault
      default: if tellsOpenings { throw differ(&play, .opened) }
      }
    }
    return self
  }

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    try play.withLock { play throws(LinkFault) in
      skipVainReadings(&play)
      switch try upcoming(&play, .wrote(bytes)) {
      case .wrote(bytes): play.next += 1
      case .writeFailed(let fault):
        play.next += 1
        throw fault
      default: throw differ(&play, .wrote(bytes))
      }
    }
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    if let pause, let gap = gap { await pause(min(gap, patience)) }
    return try play.withLock { play throws(LinkFault) in
      guard play.difference == nil, play.next < exchanges.count else { throw .gone }
      switch exchanges[play.next].event {
      case .read(let bytes):
        let piece = Array(bytes[play.taken...].prefix(max(limit, 1)))
        play.taken += piece.count
        if play.taken == bytes.count { step(&play) }
        return piece
      case .readFailed(let fault):
        step(&play)
        throw fault
      default: throw .late
      }
    }
  }

  public func reset() async throws(LinkFault) { try meet(.reset) }
  public func setBaud(_ baud: BaudRate) async throws(LinkFault) { try meet(.baud(baud)) }

  /// Passes over a recorded closing, if that is what comes next.
  public func close() async {
    play.withLock { play in
      skipVainReadings(&play)
      if play.next < exchanges.count, exchanges[play.next].event == .closed { step(&play) }
    }
  }

  private var tellsOpenings: Bool {
    exchanges.contains { exchange in
      if case .openFailed = exchange.event { true } else { exchange.event == .opened }
    }
  }

  /// From the exchange before to the next one, if that is a reading.
  private var gap: Duration? {
    play.withLock { play in
      guard play.next < exchanges.count, play.taken == 0 else { return nil }
      switch exchanges[play.next].event {
      case .read, .readFailed:
        return exchanges[play.next].at - (play.next > 0 ? exchanges[play.next - 1].at : .zero)
      default: return nil
      }
    }
  }

  private func meet(_ event: Exchange.Event) throws(LinkFault) {
    try play.withLock { play throws(LinkFault) in
      skipVainReadings(&play)
      guard try upcoming(&play, event) == event else { throw differ(&play, event) }
      step(&play)
    }
  }

  private func upcoming(
    _ play: inout Play, _ met: Exchange.Event
  ) throws(LinkFault) -> Exchange.Event {
    guard play.difference == nil else { throw .gone }
    guard play.next < exchanges.count, play.taken == 0 else { throw differ(&play, met) }
    return exchanges[play.next].event
  }

  private func skipVainReadings(_ play: inout Play) {
    while play.next < exchanges.count, exchanges[play.next].event == .readFailed(.late) { play.next += 1 }
  }

  private func step(_ play: inout Play) {
    play.next += 1
    play.taken = 0
  }

  private func differ(_ play: inout Play, _ met: Exchange.Event) -> LinkFault {
    // At its end a recording is like a device that was pulled, whether or not the driver was
    // ended just there when it was made.
    guard !exchanges[play.next...].allSatisfy({ $0.event == .closed }) else {
      play.next = exchanges.count
      return .gone
    }
    play.difference = Difference(
      exchange: play.next + 1, recorded: exchanges[play.next].event, met: met)
    return .gone
  }
}
