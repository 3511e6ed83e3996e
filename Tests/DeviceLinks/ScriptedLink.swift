// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Synchronization

/// A clock that stands still until it is moved.
final class HandClock: Clock {
  struct Instant: InstantProtocol {
    var passed: Duration
    func advanced(by duration: Duration) -> Instant { Instant(passed: passed + duration) }
    func duration(to other: Instant) -> Duration { other.passed - passed }
    static func < (left: Instant, right: Instant) -> Bool { left.passed < right.passed }
  }

  let minimumResolution = Duration.zero
  private let passed = Mutex(Duration.zero)

  var now: Instant { Instant(passed: passed.withLock { $0 }) }
  func move(_ duration: Duration) { passed.withLock { $0 += duration } }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    passed.withLock { $0 = max($0, deadline.passed) }
  }
}

/// A link whose readings are written down beforehand; each takes 10 ms of the clock.
final class ScriptedLink: ByteLink {
  private let clock: HandClock
  private let readings: Mutex<[Result<[UInt8], LinkFault>]>
  private let writing: LinkFault?

  init(_ readings: [Result<[UInt8], LinkFault>], writing: LinkFault? = nil, clock: HandClock) {
    self.readings = Mutex(readings)
    self.writing = writing
    self.clock = clock
  }

  func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    clock.move(.milliseconds(10))
    if let writing { throw writing }
  }

  func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    clock.move(.milliseconds(10))
    return try readings.withLock { $0.isEmpty ? .failure(.late) : $0.removeFirst() }.get()
  }

  func close() async {}
}

/// Takes nothing out.
struct KeepsAll: ExchangeScrubber {
  func scrub(_ exchanges: [Exchange]) -> [Exchange] { exchanges }
}

/// Puts zeros in the place of all that was read.
struct TakesReadings: ExchangeScrubber {
  func scrub(_ exchanges: [Exchange]) -> [Exchange] {
    exchanges.map { exchange in
      guard case .read(let bytes) = exchange.event else { return exchange }
      return Exchange(at: exchange.at, event: .read([UInt8](repeating: 0, count: bytes.count)))
    }
  }
}
