// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Simulators

struct CutProxyTests {
  private static let request = "POST /v1/batches HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
  private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nkept"

  private let events = EventLog.counting()
  private let centre: Descriptor
  private let proxy: CutProxy

  init() throws {
    let (listener, port) = try LoopbackSocket.listen(0)
    centre = listener
    proxy = try CutProxy(port: 0, to: port, events: events)
  }

  /// The centre's end of a connection that comes through.
  private func acceptAtCentre() throws -> Peer {
    try #require(Readiness.wait([(centre, POLLIN)], milliseconds: 5000)[0] != 0)
    return Peer(line: try #require(LoopbackSocket.accept(centre)))
  }

  private func exchange(_ terminal: Peer, _ centre: Peer) {
    terminal.send(Self.request)
    #expect(centre.receiveText(Self.request.utf8.count) == Self.request)
    centre.send(Self.answer)
  }

  @Test func `bytes pass both ways`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    exchange(terminal, centre)
    #expect(terminal.receiveText(Self.answer.utf8.count) == Self.answer)
  }

  @Test func `more than any buffer holds passes whole`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var sent = bytes[...]
    var received: [UInt8] = []
    while received.count < bytes.count {
      if let count = terminal.line.give(sent.prefix(100_000)) { sent = sent.dropFirst(count) }
      guard Readiness.wait([(centre.line, POLLIN)], milliseconds: 5000)[0] != 0,
        case .bytes(let more) = centre.line.take(100_000)
      else { break }
      received += more
    }
    #expect(received == bytes)
  }

  @Test func `closing is passed on`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    centre.send(Self.answer)
    shutdown(centre.line.number, Int32(SHUT_RDWR))
    #expect(terminal.receiveText(Self.answer.utf8.count) == Self.answer)
    #expect(terminal.isClosed())
  }

  @Test func `a cut resets what is open and refuses what is new`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    try proxy.set(.cut)
    #expect(terminal.isClosed())
    #expect(centre.isClosed())
    #expect(LoopbackSocket.connect(proxy.port) == nil)
    try proxy.set(.through)
    let again = try Peer.connected(to: proxy.port)
    exchange(again, try acceptAtCentre())
    #expect(again.receiveText(Self.answer.utf8.count) == Self.answer)
  }

  @Test func `a port taken during the cut is said, and the network stays cut`() throws {
    defer { proxy.stop() }
    try proxy.set(.cut)
    let (thief, _) = try LoopbackSocket.listen(proxy.port)
    #expect(throws: SimulatorFault.portTaken(proxy.port)) { try proxy.set(.through) }
    #expect(proxy.mode == .cut)
    #expect(thief.number >= 0)
  }

  @Test func `half open, requests arrive and answers wait for the network's return`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    try proxy.set(.halfOpen)
    exchange(terminal, centre)
    // What comes later over the same proxy shows that the answer had its time.
    let other = try Peer.connected(to: proxy.port)
    exchange(other, try acceptAtCentre())
    #expect(!terminal.hasNews)
    try proxy.set(.through)
    #expect(terminal.receiveText(Self.answer.utf8.count) == Self.answer)
  }

  @Test func `half open, who gave up hears nothing more and the centre sees it`() throws {
    defer { proxy.stop() }
    try proxy.set(.halfOpen)
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    exchange(terminal, centre)
    shutdown(terminal.line.number, Int32(SHUT_RDWR))
    #expect(centre.isClosed())
  }

  @Test func `into a black hole nothing passes, until the network is back`() throws {
    defer { proxy.stop() }
    try proxy.set(.blackHole)
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    terminal.send(Self.request)
    centre.send(Self.answer)
    // Set again: returns after a turn of the proxy's thread.
    try proxy.set(.blackHole)
    #expect(!terminal.hasNews)
    #expect(!centre.hasNews)
    try proxy.set(.through)
    #expect(centre.receiveText(Self.request.utf8.count) == Self.request)
    #expect(terminal.receiveText(Self.answer.utf8.count) == Self.answer)
  }

  @Test func `one request in clear is answered in vain, the next one truly`() throws {
    defer { proxy.stop() }
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    // On a connection that has served before, as kept ones have.
    exchange(terminal, centre)
    #expect(terminal.receiveText(Self.answer.utf8.count) == Self.answer)
    try proxy.set(.loseNextAnswer)
    exchange(terminal, centre)
    #expect(terminal.isClosed())
    #expect(eventually { proxy.answersLost == 1 })
    #expect(proxy.mode == .through)
    let again = try Peer.connected(to: proxy.port)
    exchange(again, try acceptAtCentre())
    #expect(again.receiveText(Self.answer.utf8.count) == Self.answer)
    #expect(proxy.answersLost == 1)
  }

  @Test func `under TLS a batch's answer is lost, whole, and the centre's side lives on`() throws {
    defer { proxy.stop() }
    try proxy.set(.loseNextAnswer)
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    let request = Sealed.greeting + Sealed.record(0x17, 2_000)
    terminal.send(request)
    #expect(centre.receive(request.count) == request)
    centre.send(Sealed.record(0x17, 300) + Sealed.record(0x17, 200))
    #expect(terminal.isClosed())
    #expect(eventually { proxy.answersLost == 1 })
    // An answer in two halves far apart finds a listener still.
    centre.send(Sealed.record(0x17, 200))
    try proxy.set(.through)
    #expect(!centre.hasNews)
  }

  @Test func `under TLS a batch of none keeps its answer`() throws {
    defer { proxy.stop() }
    try proxy.set(.loseNextAnswer)
    let terminal = try Peer.connected(to: proxy.port)
    let centre = try acceptAtCentre()
    let request = Sealed.greeting + Sealed.record(0x17, 250) + Sealed.record(0x17, 300)
    terminal.send(request)
    #expect(centre.receive(request.count) == request)
    let answer = Sealed.record(0x17, 300)
    centre.send(answer)
    #expect(terminal.receive(answer.count) == answer)
    #expect(proxy.mode == .loseNextAnswer)
  }

  @Test func `a centre that is down looks like one that hangs up`() throws {
    let (gone, port) = try LoopbackSocket.listen(0)
    let free = port
    _ = consume gone
    let lonely = try CutProxy(port: 0, to: free, events: events)
    defer {
      lonely.stop()
      proxy.stop()
    }
    #expect(try Peer.connected(to: lonely.port).isClosed())
  }
}
