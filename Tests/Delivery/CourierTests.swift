// SPDX-License-Identifier: Apache-2.0

import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// The outbox as a list; a verdict takes its row out.
private final class OutboxDouble: Outbox {
  let rows: Mutex<[Envelope]>
  let settled = Mutex<[EnvelopeID: Verdict]>([:])

  init(_ rows: [Envelope]) { self.rows = Mutex(rows) }

  func waiting(limit: Int, excluding: Set<EnvelopeID>) async throws(StoreFault) -> [Envelope] {
    rows.withLock { Array($0.filter { !excluding.contains($0.id) }.prefix(limit)) }
  }

  func settle(_ verdicts: [EnvelopeID: Verdict]) async throws(StoreFault) {
    rows.withLock { $0.removeAll { verdicts[$0.id] != nil } }
    settled.withLock { $0.merge(verdicts) { first, _ in first } }
  }

  func news() -> AsyncStream<Void> {
    AsyncStream {
      $0.yield()
      $0.finish()
    }
  }
}

/// A centre that answers from a list and remembers what it was sent.
private final class LinkDouble: CentralLink {
  let answers: Mutex<[@Sendable (BatchRequest) -> CentralAnswer]>
  let batches = Mutex<[BatchRequest]>([])

  init(_ answers: [@Sendable (BatchRequest) -> CentralAnswer]) { self.answers = Mutex(answers) }

  func deliver(_ batch: BatchRequest) async -> CentralAnswer {
    batches.withLock { $0.append(batch) }
    let answer = answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    return answer?(batch) ?? .unreachable
  }
}

private struct EvenChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 128, count: count) }
}

struct CourierTests {
  private func envelope(_ tail: UInt8) throws -> Envelope {
    let allotment = try #require(Allotment("00A7"))
    let day = Day(year: 2026, month: 11, day: 21)
    let number = try #require(
      CaseNumber(area: "320507", allotment: allotment, day: day, sequence: Int(tail)))
    return Envelope(
      id: EnvelopeID(milliseconds: 1, chance: [0, 0, 0, 0, 0, 0, 0, 0, 0, tail]), number: number,
      kind: .application, after: [], header: [tail], routing: [2], content: [3], signature: [4])
  }

  private func courier(_ outbox: OutboxDouble, _ link: LinkDouble) -> Courier<ContinuousClock> {
    Courier(
      outbox: outbox, link: link, terminal: "T0012", chance: EvenChance(), clock: ContinuousClock(),
      report: { _ in })
  }

  /// Runs `rounds` batches without ever sleeping.
  private func deliver(_ rounds: Int, _ outbox: OutboxDouble, _ link: LinkDouble) async {
    let courier = courier(outbox, link)
    var (round, backOff) = (Courier<ContinuousClock>.Round(size: 50), BackOff(limit: .seconds(4)))
    for _ in 0..<rounds { _ = await courier.deliverOnce(&round, &backOff) }
  }

  @Test(arguments: [
    CentralAnswer.unreachable, .unknownTerminal, .notUnderstood, .tooMuch, .later(seconds: 5),
  ])
  func noAnswerWithoutVerdictsTakesAnythingOut(_ answer: CentralAnswer) async throws {
    let outbox = OutboxDouble([try envelope(1), try envelope(2)])
    await deliver(5, outbox, LinkDouble(Array(repeating: { _ in answer }, count: 5)))
    #expect(outbox.rows.withLock { $0.count } == 2)
    #expect(outbox.settled.withLock { $0.isEmpty })
  }

  @Test func anEnvelopeKeepsItsIdFromTryToTry() async throws {
    let outbox = OutboxDouble([try envelope(1)])
    let link = LinkDouble([{ _ in .unreachable }, { _ in .later(seconds: nil) }])
    await deliver(3, outbox, link)
    let headers = link.batches.withLock { $0.map { $0.envelopes.map(\.header) } }
    #expect(headers.count == 3)
    #expect(Set(headers).count == 1)
  }

  @Test func aBatchThatIsTooMuchIsHalvedAndASingleOneStandsAside() async throws {
    let outbox = OutboxDouble([try envelope(1), try envelope(2), try envelope(3), try envelope(4)])
    let link = LinkDouble([{ _ in .tooMuch }, { _ in .tooMuch }, { _ in .tooMuch }])
    await deliver(4, outbox, link)
    let sizes = link.batches.withLock { $0.map(\.envelopes.count) }
    #expect(sizes == [4, 2, 1, 1])
    let heads = link.batches.withLock { $0.map { $0.envelopes.first?.header } }
    #expect(heads[2] != heads[3], "the one that cannot be taken lets the next pass")
  }

  @Test func aRefusalIsKeptWithItsReasonAndTheOthersGo() async throws {
    let (first, second) = (try envelope(1), try envelope(2))
    let outbox = OutboxDouble([first, second])
    let refusal = Verdict.refused(reason: "matterWithdrawn", correctable: true)
    let link = LinkDouble([{ _ in .verdicts([first.id: refusal, second.id: .stored]) }])
    await deliver(1, outbox, link)
    #expect(outbox.settled.withLock { $0 } == [first.id: refusal, second.id: .stored])
  }
}

struct CentralAnswerTests {
  private func read(_ status: Int, _ type: String?, _ body: String = "") -> CentralAnswer {
    CentralAnswer.read(
      status: status, contentType: type, retryAfter: nil, body: Array(body.utf8), batch: "b1")
  }

  @Test(arguments: [401, 403, 407, 421])
  func theCentreDoesNotKnowUs(_ status: Int) {
    #expect(read(status, "application/problem+json") == .unknownTerminal)
  }

  @Test(arguments: [400, 404, 405, 409, 410, 418])
  func otherFourHundredsAreNotUnderstoodAndNeverARefusal(_ status: Int) {
    #expect(read(status, BatchReply.mediaType, #"{"batch":"b1","verdicts":[]}"#) == .notUnderstood)
  }

  @Test func aCaptivePortalSaysTwoHundred() {
    #expect(read(200, "text/html", "<html>") == .later(seconds: nil))
  }

  @Test func aReplyToAnotherBatchSettlesNothing() {
    #expect(read(200, BatchReply.mediaType, #"{"batch":"b2","verdicts":[]}"#) == .notUnderstood)
  }

  @Test func aReplyInOurTypeSettles() {
    #expect(read(200, BatchReply.mediaType, #"{"batch":"b1","verdicts":[]}"#) == .verdicts([:]))
  }
}
