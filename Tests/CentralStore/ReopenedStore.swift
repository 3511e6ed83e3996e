// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization

/// A store that is closed and opened again between any two calls: nothing that a call answered
/// may live in memory only.
final class ReopenedStore: CaseStore {
  private let open: @Sendable () async throws -> any ClosableStore
  private let turns = Turns()
  private let unsaid = Unsaid()

  private final class Unsaid: Sendable {
    let sightings = Mutex<[(terminal: String, at: Timestamp)]>([])
  }

  init(open: @escaping @Sendable () async throws -> any ClosableStore) { self.open = open }

  func call<Value: Sendable>(
    _ body: @escaping @Sendable (any ClosableStore) async throws(StoreFault) -> Value
  ) async throws(StoreFault) -> Value {
    let outcome: Swift.Result<Value, StoreFault> = await turns.take { [open, unsaid] in
      do {
        let store = try await open()
        for sighting in unsaid.sightings.withLock({ $0 }) {
          store.seen(sighting.terminal, at: sighting.at)
        }
        unsaid.sightings.withLock { $0 = [] }
        let outcome: Swift.Result<Value, StoreFault>
        do throws(StoreFault) {
          outcome = .success(try await body(store))
        } catch {
          outcome = .failure(error)
        }
        try await store.close()
        return outcome
      } catch {
        return .failure(.broken)
      }
    }
    return try outcome.get()
  }

  func seen(_ terminal: String, at time: Timestamp) {
    unsaid.sightings.withLock { $0.append((terminal, time)) }
  }

  func news() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

  func enrol(_ enrolment: Enrolment) async throws(StoreFault) -> Enrolled? {
    try await call { store async throws(StoreFault) in try await store.enrol(enrolment) }
  }

  func enrolment(byCodeHash hash: String) async throws(StoreFault) -> Enrolled? {
    try await call { store async throws(StoreFault) in try await store.enrolment(byCodeHash: hash) }
  }

  func enrolments(of terminal: String) async throws(StoreFault) -> [Enrolled] {
    try await call { store async throws(StoreFault) in try await store.enrolments(of: terminal) }
  }

  func take(
    _ arrivals: [Arrival], at time: Timestamp, due: Timestamp,
    judge: @escaping @Sendable (Arrival, Circumstances) -> Decision
  ) async throws(StoreFault) -> [Verdict] {
    try await call { store async throws(StoreFault) in
      try await store.take(arrivals, at: time, due: due, judge: judge)
    }
  }

  func application(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord? {
    try await call { store async throws(StoreFault) in try await store.application(number) }
  }

  func publicApplication(_ number: CaseNumber) async throws(StoreFault) -> CaseRecord? {
    try await call { store async throws(StoreFault) in try await store.publicApplication(number) }
  }

  func envelope(_ number: CaseNumber) async throws(StoreFault) -> Envelope? {
    try await call { store async throws(StoreFault) in try await store.envelope(number) }
  }

  func applications(after cursor: Int64, limit: Int) async throws(StoreFault) -> [CaseRecord] {
    try await call { store async throws(StoreFault) in
      try await store.applications(after: cursor, limit: limit)
    }
  }

  func claim(
    _ number: CaseNumber, hash: String, from address: String?, at time: Timestamp,
    limits: ClaimLimits
  ) async throws(StoreFault) -> ClaimOutcome {
    try await call { store async throws(StoreFault) in
      try await store.claim(number, hash: hash, from: address, at: time, limits: limits)
    }
  }

  func withdraw(matter: String, at time: Timestamp) async throws(StoreFault) {
    try await call { store async throws(StoreFault) in try await store.withdraw(matter: matter, at: time) }
  }

  func counts() async throws(StoreFault) -> CentreCounts {
    try await call { store async throws(StoreFault) in try await store.counts() }
  }

  func tasks(after cursor: Int64, limit: Int, open: Bool?) async throws(StoreFault) -> [RefusalTask] {
    try await call { store async throws(StoreFault) in
      try await store.tasks(after: cursor, limit: limit, open: open)
    }
  }

  func settleTask(
    _ row: Int64, note: String, at time: Timestamp
  ) async throws(StoreFault) -> RefusalTask? {
    try await call { store async throws(StoreFault) in
      try await store.settleTask(row, note: note, at: time)
    }
  }
}
