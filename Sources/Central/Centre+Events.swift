// SPDX-License-Identifier: Apache-2.0

import CentralStore
import HTTPTypes
import Hummingbird
import Records
import ServiceLifecycle
import Wire

extension Centre {
  private static let atOnce = 64

  /// A stream that stays open (server-sent events, WHATWG HTML 9.2).
  func events(for peer: Peer, after row: Int64, _ request: Request) throws -> Response {
    guard !streams.isClosing else { throw ProblemDetails.unavailable }
    var headers = HTTPFields()
    headers[.contentType] = "text/event-stream"
    headers[.cacheControl] = "no-store"
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody { writer in
        // Not before: for a HEAD, or a peer that is gone already, no body is ever written.
        guard let ticket = streams.open(peer) else { return try await writer.finish(nil) }
        defer { streams.close(ticket.id) }
        try await request.body.consumeWithInboundCloseHandler { _ in
          try await write(to: &writer, peer, ticket, after: row)
        } onInboundClosed: {
          streams.close(ticket.id)
        }
        try await writer.finish(nil)
      })
  }

  /// Writing waits while the reader is slow, and then nothing is gathered for it: what is
  /// still open is asked of the store when the reader is ready again.
  @concurrent private func write(
    to writer: inout any ResponseBodyWriter, _ peer: Peer, _ ticket: EventStreams.Ticket,
    after row: Int64
  ) async throws {
    var row = row
    try await writer.write(Self.heartbeat)
    for await _ in ticket.wakings {
      guard await isServed(peer) else { return }
      guard streams.takeLook(ticket.id) else {
        try await writer.write(Self.heartbeat)
        store.seen(peer.terminal, at: clock.now().at)
        continue
      }
      row = try await writeNews(to: &writer, peer, after: row)
    }
  }

  /// Also for a stream that was opened in the very moment of a revocation.
  private func isServed(_ peer: Peer) async -> Bool {
    do {
      _ = try await self.peer(fingerprint: peer.fingerprint)
      return true
    } catch {
      return false
    }
  }

  @concurrent private func writeNews(
    to writer: inout any ResponseBodyWriter, _ peer: Peer, after row: Int64
  ) async throws -> Int64 {
    var row = row
    while true {
      let news = try await store.events(
        for: peer.terminal, after: row, at: clock.now().at, limit: Self.atOnce)
      for stored in news {
        try await writer.write(Self.message(stored))
        row = stored.row
        meter.count(event: stored.event.kind)
      }
      if news.count < Self.atOnce { return row }
    }
  }

  private static let heartbeat = ByteBuffer(string: ": hb\n\n")

  private static func message(_ stored: StoredEvent) -> ByteBuffer {
    var buffer = ByteBuffer(string: "id: \(stored.row)\nevent: \(stored.event.kind)\ndata: ")
    buffer.writeBytes(stored.event.data)
    buffer.writeString("\n\n")
    return buffer
  }
}

/// Wakes the event streams and, when the centre ends, ends them. It must be the last of its
/// group: services end in reverse, and a server waits for its open streams.
public struct EventPump<Time: Clock<Duration>>: Service {
  private let centre: Centre
  private let clock: Time

  public init(centre: Centre, clock: Time) {
    self.centre = centre
    self.clock = clock
  }

  @concurrent public func run() async throws {
    let centre = centre
    let clock = clock
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for await _ in centre.store.news() { centre.streams.look() } }
        group.addTask {
          // Ends only by being cancelled.
          while (try? await clock.sleep(for: .seconds(15))) != nil { centre.streams.beat() }
        }
      }
    }
    centre.streams.endAll()
  }
}
