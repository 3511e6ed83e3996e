// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Synchronization
import Wire

/// The centre's own store behind a judge of our own: reads, verifies and opens what the
/// centre reads, verifies and opens, and keeps all of a batch in one durable transaction.
struct BenchCentre: Sendable {
  let store: SQLiteCaseStore
  let opener: RoutingOpener
  let terminalKey: [UInt8]
  private let clock = BenchClock()

  init(_ setup: DeliverySetup, store: SQLiteCaseStore) throws {
    self.store = store
    opener = try RoutingOpener(privateKey: setup.routing.bytes)
    terminalKey = try SigningKey(privateKey: setup.signer.bytes).publicKey
  }

  func take(_ request: BatchRequest) async throws -> BatchReply {
    let arrivals = try request.envelopes.map(arrival)
    let now = clock.now().at
    let verdicts = try await store.take(
      arrivals, at: now, due: now.advanced(bySeconds: 86_400), judge: Self.decision)
    return BatchReply(
      batch: request.batch,
      verdicts: zip(arrivals, verdicts).map { VerdictMessage(id: $0.envelope.id, $1) })
  }

  func arrival(_ message: EnvelopeMessage) throws -> Arrival {
    let (envelope, header) = try message.envelope()
    guard SignatureCheck.holds(envelope, publicKey: terminalKey) else {
      return Arrival(envelope: envelope, header: header, standing: .badSignature)
    }
    return Arrival(envelope: envelope, header: header, standing: .sound(try opener.open(envelope, header)))
  }

  static func decision(on arrival: Arrival, _ circumstances: Circumstances) -> Decision {
    let isEarlier = circumstances.earlier.map { $0.digest == arrival.digest }
    if isEarlier == true, circumstances.earlier?.refused == false { return .already }
    if arrival.standing == .badSignature { return .refuse(.badSignature) }
    if isEarlier == false { return .refuse(.idTaken) }
    guard circumstances.numberIsTheTerminals else { return .refuse(.foreignNumber) }
    if circumstances.numberIsTaken { return .refuse(.numberTaken) }
    if circumstances.matterIsWithdrawn { return .refuse(.matterWithdrawn) }
    return .store(awaiting: circumstances.missing)
  }
}

/// When the door began to listen, and when the first envelope came.
final class Moments: Sendable {
  struct Times: Sendable, Codable {
    var listening: Double?
    var first: Double?
  }
  private let times = Mutex(Times())

  func listens(_ now: Double) { times.withLock { $0.listening = now } }
  func saw(_ now: Double) { times.withLock { $0.first = $0.first ?? now } }
  var all: Times { times.withLock { $0 } }
}
