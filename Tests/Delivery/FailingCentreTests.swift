// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import Hummingbird
import Logging
import NIOCore
import Records
import Synchronization
import Testing
import Wire

@testable import Delivery

/// The courier over HTTP against a centre that fails as real ones do.
@Suite(.timeLimit(.minutes(2)))
struct FailingCentreTests {
  /// Keeps by id what it is sent, and counts; every few answers something goes wrong.
  private final class Centre: Sendable {
    struct Kept {
      var order: [EnvelopeMessage] = []
      var requests = 0
      var again = 0
    }
    let kept = Mutex(Kept())
    let rows: [[UInt8]: Envelope]

    init(_ rows: [Envelope]) { self.rows = Dictionary(uniqueKeysWithValues: rows.map { ($0.header, $0) }) }

    func answer(_ batch: BatchRequest) -> Response {
      kept.withLock { kept in
        kept.requests += 1
        let number = kept.requests % 17
        if number == 3 { return Response(status: .internalServerError) }
        if number == 7 { return Response(status: .unauthorized) }
        if number == 11 { return page() }
        if batch.envelopes.count > 20 { return Response(status: .contentTooLarge) }
        let verdicts = batch.envelopes.map { verdict(on: $0, &kept) }
        // Stored, and the answer is lost.
        if number == 5 || number == 15 { return Response(status: .badGateway) }
        let reply = BatchReply(batch: batch.batch, verdicts: verdicts)
        return Response(
          status: .ok, headers: [.contentType: BatchReply.mediaType],
          body: .init(byteBuffer: ByteBuffer(bytes: Canonical.encode(reply))))
      }
    }

    private func page() -> Response {
      Response(
        status: .ok, headers: [.contentType: "text/html"],
        body: .init(byteBuffer: ByteBuffer(string: "<html>Welcome</html>")))
    }

    private func verdict(on message: EnvelopeMessage, _ kept: inout Kept) -> VerdictMessage {
      let id =
        rows[message.header.bytes]?.id ?? EnvelopeID(milliseconds: 0, chance: .init(repeating: 0, count: 10))
      if kept.order.contains(message) {
        kept.again += 1
        return VerdictMessage(id: id, .already)
      }
      kept.order.append(message)
      let isRefused = id.bytes[15] % 50 == 7
      return VerdictMessage(id: id, isRefused ? .refused(reason: "x", correctable: false) : .stored)
    }
  }

  @Test func nothingIsLostNothingIsDoubledAndWhatFollowsComesAfter() async throws {
    var rows: [Envelope] = []
    for tail in 1...400 {
      rows.append(try envelope(tail, after: tail % 3 == 0 ? [rows[tail - 2]] : []))
    }
    let (centre, outbox) = (Centre(rows), OutboxDouble(rows))
    try await serving(centre) { port in
      try await withClient { client in
        let link = HTTPCentralLink(client: client, centre: "http://127.0.0.1:\(port)", credentials: nil)
        let courier = Courier(
          outbox: outbox, link: link, terminal: "T0012", chance: CountingChance(), clock: ContinuousClock(),
          report: { _ in })
        await withTaskGroup(of: Void.self) { group in
          group.addTask { await courier.run() }
          for await _ in outbox.emptied { break }
          group.cancelAll()
        }
      }
    }
    let kept = centre.kept.withLock { $0 }
    #expect(Set(kept.order.map(\.header.bytes)) == Set(rows.map(\.header)), "nothing is lost")
    #expect(kept.order.count == rows.count, "nothing is doubled")
    #expect(kept.again > 0, "some answers were lost, so this proves something")
    let places = Dictionary(uniqueKeysWithValues: kept.order.enumerated().map { ($1.header.bytes, $0) })
    let byID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    for row in rows {
      for id in row.after {
        let first = try #require(byID[id].flatMap { places[$0.header] })
        #expect(try first < #require(places[row.header]))
      }
    }
    let verdicts = outbox.settled.withLock { $0.reduce(into: [:]) { $0.merge($1) { first, _ in first } } }
    #expect(verdicts.count == rows.count)
  }

  private func serving(_ centre: Centre, _ body: (Int) async throws -> Void) async throws {
    let router = Router()
    router.post("v1/batches") { request, _ in
      let bytes = try await request.body.collect(upTo: 16 << 20)
      return centre.answer(try BatchRequest.decode(Array(bytes.readableBytesView)))
    }
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let application = Application(
      router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { listening.yield($0.localAddress?.port ?? 0) }, logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      var found = ports.makeAsyncIterator()
      try await body(try await found.one())
      group.cancelAll()
    }
  }
}
