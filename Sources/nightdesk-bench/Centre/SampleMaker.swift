// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Wire

/// Applications of an enrolled terminal, each with a number of its own.
struct SampleMaker: Sendable {
  let setup: DeliverySetup
  private let terminal: SampleTerminal
  private let next: Counter
  private let chance = SystemChance()

  /// - Parameter first: numbers begin behind it.
  init(_ setup: DeliverySetup, after first: Int = 0) throws {
    self.setup = setup
    terminal = try setup.terminal()
    next = Counter(first)
  }

  /// The `place`-th number: 90,000 a day, then the next day.
  func number(_ place: Int) throws -> CaseNumber {
    let day = Day(year: 2026, month: 1, day: 1).adding(days: place / 90_000)
    let number = CaseNumber(
      area: SampleTerminal.area, allotment: setup.allotment, day: day, sequence: place % 90_000 + 1)
    guard let number else { throw BenchFault("no number") }
    return number
  }

  func reservation() throws -> Reservation {
    let time = BenchClock().now()
    let id = EnvelopeID(milliseconds: time.at.milliseconds, chance: chance.bytes(10))
    return Reservation(id: id, number: try number(next.take()), time: time)
  }

  /// Sealed and signed as a terminal does.
  func sealed(_ count: Int) throws -> [Envelope] {
    try (0..<count).map { _ in
      try terminal.sealer.seal(SampleFiling.submission(try reservation(), chance: chance))
    }
  }
}

final class Counter: Sendable {
  private let value: Mutex<Int>

  init(_ first: Int) { value = Mutex(first) }

  func take() -> Int {
    value.withLock { value in
      defer { value += 1 }
      return value
    }
  }
}
