// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Wire

/// Applications for a centre's store: sealed ones, and copies of one by the million.
struct BenchCases: Sendable {
  let maker: SampleMaker
  let centre: BenchCentre

  /// - Parameter first: numbers begin behind it.
  init(_ setup: DeliverySetup, store: SQLiteCaseStore, after first: Int = 0) throws {
    maker = try SampleMaker(setup, after: first)
    centre = try BenchCentre(setup, store: store)
  }

  /// Read, verified and opened as the centre does.
  func arrivals(_ count: Int) throws -> [Arrival] {
    try maker.sealed(count).map { try centre.arrival(EnvelopeMessage($0)) }
  }

  /// Copies of `sample` under new ids and numbers, for filling: the store does not open what
  /// it keeps.
  func copies(_ count: Int, of sample: Arrival) throws -> [Arrival] {
    try (0..<count).map { _ in
      let reservation = try maker.reservation()
      var copy = sample.envelope
      copy.id = reservation.id
      copy.number = reservation.number
      copy.signature = SystemChance().bytes(64)
      return Arrival(envelope: copy, header: sample.header, standing: sample.standing)
    }
  }

  /// One durable transaction of the store; gives how many were stored.
  func keep(_ arrivals: [Arrival]) async throws -> Int {
    let now = BenchClock().now().at
    let verdicts = try await centre.store.take(
      arrivals, at: now, due: now.advanced(bySeconds: 86_400), judge: BenchCentre.decision)
    return verdicts.count { $0 == .stored }
  }
}
