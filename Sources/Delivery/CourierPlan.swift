// SPDX-License-Identifier: Apache-2.0

import Records

/// What the courier decides between two events. It neither waits nor sends, so that each rule
/// can be tried with a clock moved by hand.
struct CourierPlan<Instant: InstantProtocol>: Sendable where Instant.Duration == Duration {
  /// Why a batch is on its way.
  enum Purpose: Hashable, Sendable {
    case carrying
    /// Beside a full pipe, for rows that a visit waits for.
    case express
    /// Empty: is the centre there?
    case asking
  }

  struct Trip: Sendable {
    var purpose: Purpose
    var envelopes: Set<EnvelopeID>
    var startedAt: Instant
    var isGivenUp = false
  }

  /// An envelope that lets the others pass for a while.
  struct Aside: Sendable {
    var until: Instant
    var backOff = BackOff(first: .seconds(4))
    var isWaiting = true
  }

  let chance: any RandomSource
  /// Batches on their way at once at most, when all is well.
  let inFlight: Int
  let batchSize: Int

  var trips: [Int: Trip] = [:]
  var aside: [EnvelopeID: Aside] = [:]
  /// Envelopes that were in a batch that was too much, and how many may go together.
  var suspects: [EnvelopeID: Int] = [:]
  /// Envelopes in a batch now; smaller after one that was too much.
  var size: Int
  /// Whether the outbox may hold something that can be sent.
  var mayHold = true
  var hasNews = false

  var backOff = BackOff()
  /// The youngest trip when a trip failed last: older ones end in the same trouble.
  var failedTrip = 0
  /// Our own pause; ends early when the centre answers.
  var pausedUntil: Instant?
  /// The centre's wish.
  var orderedUntil: Instant?
  var storeBackOff = BackOff()
  var storeUntil: Instant?

  var startedAt: Instant?
  var heardAt: Instant?
  /// The youngest trip that was answered.
  var answeredTrip = 0
  var questionAt: Instant?
  /// Questions asked into silence since the last answer.
  var unheard = 0
  /// A trip is given up after this long when a younger one was answered meanwhile.
  var giveUpAfter = CourierTiming.shortestTrip
  /// Trips so far; also the number of the youngest.
  private(set) var count = 0

  init(chance: any RandomSource, inFlight: Int, batchSize: Int) {
    self.chance = chance
    self.inFlight = max(1, inFlight)
    self.batchSize = max(1, batchSize)
    size = max(1, batchSize)
  }

  /// What the outbox is not to hand out: on its way, or set aside.
  var excluded: Set<EnvelopeID> {
    trips.values.reduce(into: Set(aside.filter(\.value.isWaiting).keys)) { $0.formUnion($1.envelopes) }
  }

  private func running(_ purpose: Purpose) -> Int { trips.values.count { $0.purpose == purpose } }

  private var isFailing: Bool { backOff.step > 0 }

  private func isPaused(at now: Instant) -> Bool {
    [pausedUntil, orderedUntil].contains { $0.map { now < $0 } ?? false }
  }

  /// What to send now; nil: nothing.
  func next(at now: Instant) -> (purpose: Purpose, limit: Int)? {
    if isPaused(at: now) { return nil }
    if mayHold, storeUntil.map({ $0 <= now }) ?? true {
      // While it fails one batch tries for all.
      if running(.carrying) < (isFailing ? 1 : inFlight) { return (.carrying, size) }
      if hasNews, !isFailing, running(.express) == 0 {
        return (.express, CourierTiming.expressSize)
      }
    }
    return silenceEnds.map { $0 <= now } ?? true ? (.asking, 0) : nil
  }

  /// When an empty batch asks whether the centre is there: nothing was sent for a while, or
  /// what was sent hangs. An answered question beside hanging batches shows that the network
  /// is back before they time out.
  private var silenceEnds: Instant? {
    guard let startedAt else { return nil }
    guard trips.values.contains(where: { !$0.envelopes.isEmpty }) else { return questionAt ?? startedAt }
    let gap = unheard < 40 ? CourierTiming.silence : CourierTiming.longSilence
    return max(startedAt, heardAt ?? startedAt).advanced(by: gap)
  }

  /// Notes that a batch goes; returns its number and that of a question that must give way.
  mutating func start(
    _ purpose: Purpose, _ envelopes: [Envelope], at now: Instant
  ) -> (number: Int, yielding: Int?) {
    var yielding: Int?
    if purpose == .asking {
      let questions = trips.filter { $0.value.purpose == .asking && !$0.value.isGivenUp }
      if questions.count >= CourierTiming.questions { yielding = questions.keys.min() }
      if let yielding { trips[yielding]?.isGivenUp = true }
      if !trips.isEmpty { unheard += 1 }
    }
    count += 1
    trips[count] = Trip(purpose: purpose, envelopes: Set(envelopes.map(\.id)), startedAt: now)
    startedAt = now
    hasNews = hasNews && purpose == .asking
    questionAt = now.advanced(
      by: chance.duration(from: CourierTiming.question * 4 / 5, to: CourierTiming.question))
    return (count, yielding)
  }

  /// Nothing waits that can be sent now for this purpose.
  mutating func foundNothing(_ purpose: Purpose) {
    hasNews = false
    guard purpose == .carrying else { return }
    mayHold = false
    if trips.isEmpty, aside.isEmpty { suspects = [:] }
  }

  mutating func heardNews() {
    mayHold = true
    hasNews = true
  }

  /// Forgets every pause.
  mutating func hurry() {
    backOff.reset()
    storeBackOff.reset()
    (pausedUntil, orderedUntil, storeUntil, questionAt) = (nil, nil, nil, nil)
    aside = aside.mapValues {
      var item = $0
      item.isWaiting = false
      return item
    }
    mayHold = true
  }

  /// Lets go what has been aside long enough.
  mutating func pass(to now: Instant) {
    for (id, item) in aside where item.isWaiting && item.until <= now {
      aside[id]?.isWaiting = false
      mayHold = true
    }
  }

  /// Trips that hang while younger ones are answered. They are given up and sent again: the
  /// centre knows what it has by its id.
  mutating func giveUp(at now: Instant) -> [Int] {
    let hanging = overtaken.filter { $0.value.startedAt.advanced(by: giveUpAfter) <= now }
    guard !hanging.isEmpty else { return [] }
    for number in hanging.keys { trips[number]?.isGivenUp = true }
    giveUpAfter = min(giveUpAfter * 2, CourierTiming.longestTrip)
    return hanging.keys.sorted()
  }

  private var overtaken: [Int: Trip] {
    trips.filter { $0.key < answeredTrip && !$0.value.isGivenUp }
  }

  /// A read or a write of the ledger failed.
  mutating func storeFailed(at now: Instant) {
    storeUntil = now.advanced(by: storeBackOff.next(chance, limit: CourierTiming.busy))
  }

  /// The next moment at which something may have to be done.
  func wake(after now: Instant) -> Instant? {
    var moments = [pausedUntil, orderedUntil, storeUntil, silenceEnds]
    moments += aside.values.filter(\.isWaiting).map(\.until)
    moments += overtaken.values.map { $0.startedAt.advanced(by: giveUpAfter) }
    return moments.compactMap { $0 }.filter { $0 > now }.min()
  }
}

enum CourierTiming {
  /// Between two questions when nothing waits, at most.
  static let question = Duration.seconds(15)
  /// Without an answer for so long, another question is asked.
  static let silence = Duration.milliseconds(750)
  /// And after half a minute of it: a centre that accepts and never answers is in distress.
  static let longSilence = Duration.seconds(2)
  /// Questions on their way at once at most.
  static let questions = 6
  static let expressSize = 8
  static let shortestTrip = Duration.seconds(2)
  static let longestTrip = Duration.seconds(60)
  /// A centre that cannot be reached costs it nothing: what waits goes within a second of the
  /// network's return.
  static let unreachable = Duration.milliseconds(700)
  static let busy = Duration.seconds(4)
  static let refusing = Duration.seconds(15)
  static let longestAside = Duration.seconds(300)
  /// The longest pause that the centre may ask for.
  static let longestOrder = 300
  /// Most bytes of envelopes in a batch; front proxies commonly take a megabyte, and base 64
  /// adds a third.
  static let batchBytes = 512 * 1024
}
