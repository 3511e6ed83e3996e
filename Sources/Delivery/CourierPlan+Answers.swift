// SPDX-License-Identifier: Apache-2.0

import Records

/// How one batch ended.
enum TripEnd: Hashable, Sendable {
  /// - Parameter settled: what the ledger has now kept a verdict on; nil when it could not.
  case answered(CentralAnswer, settled: Set<EnvelopeID>?)
  case givenUp
}

extension CourierPlan {
  /// Heeds an answer.
  mutating func finish(_ number: Int, _ end: TripEnd, at now: Instant) {
    guard let trip = trips.removeValue(forKey: number) else { return }
    // Also after a question: a row that nobody announced is found within fifteen seconds.
    mayHold = true
    guard case .answered(let answer, let settled) = end else { return }
    switch answer {
    case .verdicts: heedVerdicts(number, trip, settled, at: now)
    case .tooMuch where !trip.envelopes.isEmpty:
      hear(number, at: now)
      halve(trip, at: now)
    case .tooMuch, .unknownTerminal, .notUnderstood:
      hear(number, at: now)
      fail(number, limit: CourierTiming.refusing, at: now)
    case .later(let seconds):
      hear(number, at: now)
      fail(number, limit: CourierTiming.busy, at: now)
      order(seconds, at: now)
    case .unreachable: fail(number, limit: CourierTiming.unreachable, at: now)
    // A portal that answers for the centre all night need not be asked twice a second.
    case .notTrusted: fail(number, limit: CourierTiming.busy, at: now)
    }
  }

  /// A sign of life.
  private mutating func hear(_ number: Int, at now: Instant) {
    heardAt = now
    unheard = 0
    answeredTrip = max(answeredTrip, number)
  }

  private mutating func heedVerdicts(
    _ number: Int, _ trip: Trip, _ settled: Set<EnvelopeID>?, at now: Instant
  ) {
    hear(number, at: now)
    guard let settled else {
      storeFailed(at: now)
      return
    }
    for id in settled {
      aside[id] = nil
      suspects[id] = nil
    }
    // Without a word on an envelope it waits, alone, and does not spin.
    setAside(trip.envelopes.subtracting(settled), at: now)
    guard trip.envelopes.isEmpty || !settled.isEmpty else {
      fail(number, limit: CourierTiming.refusing, at: now)
      return
    }
    backOff.reset()
    if !trip.envelopes.isEmpty { storeBackOff.reset() }
    pausedUntil = nil
    guard !trip.envelopes.isEmpty else { return }
    size = min(batchSize, size + max(1, batchSize / 8))
    let took = trip.startedAt.duration(to: now)
    giveUpAfter = min(
      max(CourierTiming.shortestTrip, took * 3, giveUpAfter / 2), CourierTiming.longestTrip)
  }

  private mutating func halve(_ trip: Trip, at now: Instant) {
    guard trip.envelopes.count > 1 else {
      for id in trip.envelopes { suspects[id] = 1 }
      setAside(trip.envelopes, at: now)
      return
    }
    let half = trip.envelopes.count / 2
    size = min(size, half)
    for id in trip.envelopes { suspects[id] = half }
  }

  private mutating func setAside(_ envelopes: Set<EnvelopeID>, at now: Instant) {
    for id in envelopes {
      var item = aside[id] ?? Aside(until: now)
      item.until = now.advanced(by: item.backOff.next(chance, limit: CourierTiming.longestAside))
      item.isWaiting = true
      aside[id] = item
    }
  }

  /// Several batches that end in the same trouble count as one.
  private mutating func fail(_ number: Int, limit: Duration, at now: Instant) {
    guard number > failedTrip else { return }
    failedTrip = count
    let until = now.advanced(by: backOff.next(chance, limit: limit))
    pausedUntil = max(pausedUntil ?? until, until)
  }

  private mutating func order(_ seconds: Int?, at now: Instant) {
    guard let seconds, seconds > 0 else { return }
    let pause = Duration.seconds(min(seconds, CourierTiming.longestOrder))
    // A little longer by chance: all terminals were told the same.
    let until = now.advanced(by: chance.duration(from: pause, to: pause + pause / 8))
    orderedUntil = max(orderedUntil ?? until, until)
  }
}
