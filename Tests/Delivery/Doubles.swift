// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// Chance that is always in the middle.
struct EvenChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 128, count: count) }
}

/// Chance that never repeats within a test, and is the same in each run.
final class CountingChance: RandomSource {
  private let state = Mutex(UInt64(1))

  func bytes(_ count: Int) -> [UInt8] {
    state.withLock { state in
      (0..<count).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
    }
  }
}

struct StandingTime: WallTime {
  var at = Timestamp(milliseconds: 1_795_000_000_000)
  var quality = TimeQuality.synchronised
  func now() -> QualifiedTime { QualifiedTime(at: at, quality: quality) }
}

/// An envelope that nobody sealed; its tail tells it apart.
func envelope(
  _ tail: Int, after: [Envelope] = [], bytes: Int = 1
) throws -> Envelope {
  let allotment = try #require(Allotment("00A7"))
  let day = Day(year: 2026, month: 11, day: 21)
  let number = try #require(
    CaseNumber(area: "320507", allotment: allotment, day: day, sequence: tail))
  let high = UInt8(truncatingIfNeeded: tail >> 8)
  let low = UInt8(truncatingIfNeeded: tail)
  return Envelope(
    id: EnvelopeID(milliseconds: 1, chance: [0, 0, 0, 0, 0, 0, 0, 0, high, low]), number: number,
    kind: .application, after: after.map(\.id), header: [high, low],
    routing: [UInt8](repeating: 2, count: bytes), content: [3], signature: [4])
}

/// The outbox as a list; a verdict takes its row out.
final class OutboxDouble: Outbox {
  let rows: Mutex<[Envelope]>
  /// One entry a call.
  let settled = Mutex<[[EnvelopeID: Verdict]]>([])
  let failures = Mutex(0)
  /// Yields when the last row was taken out.
  let emptied: AsyncStream<Void>
  private let empty: AsyncStream<Void>.Continuation
  private let heard: AsyncStream<Void>
  private let tell: AsyncStream<Void>.Continuation

  init(_ rows: [Envelope]) {
    self.rows = Mutex(rows)
    (heard, tell) = AsyncStream.makeStream(of: Void.self)
    (emptied, empty) = AsyncStream.makeStream(of: Void.self)
    tell.yield()
  }

  func waiting(limit: Int, excluding: Set<EnvelopeID>) async throws(StoreFault) -> [Envelope] {
    rows.withLock { Array($0.filter { !excluding.contains($0.id) }.prefix(limit)) }
  }

  func settle(_ verdicts: [EnvelopeID: Verdict]) async throws(StoreFault) {
    let fails = failures.withLock { count in
      defer { count = max(0, count - 1) }
      return count > 0
    }
    if fails { throw .full }
    settled.withLock { $0.append(verdicts) }
    let isEmpty = rows.withLock { rows in
      rows.removeAll { verdicts[$0.id] != nil }
      return rows.isEmpty
    }
    if isEmpty { empty.yield() }
  }

  func news() -> AsyncStream<Void> { heard }

  /// A new row; `first` for one on which a visit waits.
  func add(_ envelope: Envelope, first: Bool = false) {
    rows.withLock { $0.insert(envelope, at: first ? 0 : $0.count) }
    tell.yield()
  }
}

/// A batch on its way, to be answered by the test.
final class Sent: Sendable {
  let batch: BatchRequest
  private let reply: AsyncStream<CentralAnswer>.Continuation

  init(_ batch: BatchRequest, _ reply: AsyncStream<CentralAnswer>.Continuation) {
    self.batch = batch
    self.reply = reply
  }

  var tails: [Int] { batch.envelopes.map { $0.header.bytes.reduce(0) { $0 << 8 | Int($1) } } }

  func answer(_ answer: CentralAnswer) { reply.yield(answer) }

  /// Each envelope of the batch is stored.
  func store(_ rows: [Envelope]) {
    let ours = rows.filter { row in batch.envelopes.contains { $0.header.bytes == row.header } }
    answer(.verdicts(Dictionary(uniqueKeysWithValues: ours.map { ($0.id, .stored) }), auditCut: false))
  }
}

/// A centre whose answers the test gives by hand.
final class LinkDouble: CentralLink {
  let sent: AsyncStream<Sent>
  private let send: AsyncStream<Sent>.Continuation
  let catalogues = Mutex<[Result<[UInt8]?, LinkTrouble>]>([])
  let asked = Mutex<[Int]>([])
  let acknowledgements = Mutex<[Result<Void, LinkTrouble>]>([])
  let told: AsyncStream<(id: String, outcome: CommandOutcome)>
  private let tell: AsyncStream<(id: String, outcome: CommandOutcome)>.Continuation
  let streams: AsyncStream<StreamDouble>
  private let open: AsyncStream<StreamDouble>.Continuation

  init() {
    (sent, send) = AsyncStream.makeStream(of: Sent.self)
    (told, tell) = AsyncStream.makeStream(of: (id: String, outcome: CommandOutcome).self)
    (streams, open) = AsyncStream.makeStream(of: StreamDouble.self)
  }

  func deliver(_ batch: BatchRequest) async -> CentralAnswer {
    let (answers, reply) = AsyncStream.makeStream(of: CentralAnswer.self)
    send.yield(Sent(batch, reply))
    for await answer in answers { return answer }
    return .unreachable
  }

  func progress(
    of number: CaseNumber, code: ClaimCode?
  ) async throws(EnquiryFault) -> CaseProgress {
    let (never, keep) = AsyncStream.makeStream(of: Never.self)
    for await _ in never {}
    keep.finish()
    throw .notUnderstood
  }

  func catalogue(after version: Int) async throws(LinkTrouble) -> [UInt8]? {
    asked.withLock { $0.append(version) }
    let next = catalogues.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    return try (next ?? .success(nil)).get()
  }

  func certify(_ request: String) async throws(LinkTrouble) -> CertificateReply { throw .unreachable }

  func greet(as credentials: TerminalCredentials) async throws(LinkTrouble) { throw .unreachable }

  func acknowledge(_ command: String, _ outcome: CommandOutcome) async throws(LinkTrouble) {
    tell.yield((command, outcome))
    try acknowledgements.withLock { $0.isEmpty ? .success(()) : $0.removeFirst() }.get()
  }

  func events(
    after id: String?, hear: @escaping @Sendable ([UInt8]) async -> Void
  ) async -> LinkTrouble? {
    let (bytes, feed) = AsyncStream.makeStream(of: [UInt8].self)
    open.yield(StreamDouble(after: id, feed: feed))
    var wasOpen = false
    for await chunk in bytes {
      wasOpen = true
      await hear(chunk)
    }
    return wasOpen ? nil : .unreachable
  }
}

/// An event stream that the test writes by hand.
struct StreamDouble: Sendable {
  var after: String?
  var feed: AsyncStream<[UInt8]>.Continuation

  func say(_ text: String) { feed.yield(Array(text.utf8)) }
}

extension AsyncStream.Iterator {
  /// The next, which must come.
  mutating func one() async throws -> Element {
    guard let element = await next(isolation: #isolation) else { throw NothingCame() }
    return element
  }
}

struct NothingCame: Error {}

/// What was reported, in order.
final class Reports<Report: Sendable>: Sendable {
  private let kept = Mutex<[Report]>([])
  var all: [Report] { kept.withLock { $0 } }
  func add(_ report: Report) { kept.withLock { $0.append(report) } }
}
