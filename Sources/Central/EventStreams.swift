// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The event streams that are open. Each is woken to look into the store or to show that it
/// lives; however often it is woken while its reader is slow, it looks once.
public final class EventStreams: Sendable {
  private struct Stream {
    let terminal: String
    let fingerprint: String
    let waking: AsyncStream<Void>.Continuation
    var mustLook = true
  }

  private struct State {
    var last = 0
    var streams: [Int: Stream] = [:]
    var isClosing = false
  }

  struct Ticket: Sendable {
    let id: Int
    /// Ends when the stream must.
    let wakings: AsyncStream<Void>
  }

  private let state = Mutex(State())

  public init() {}

  public var count: Int { state.withLock { $0.streams.count } }

  var isClosing: Bool { state.withLock { $0.isClosing } }

  var terminals: Set<String> { state.withLock { Set($0.streams.values.map(\.terminal)) } }

  /// Nil while the centre ends. An older stream of the same certificate ends: its reader is
  /// gone, or it would not open another.
  func open(_ peer: Peer) -> Ticket? {
    let (wakings, waking) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    return state.withLock { state in
      guard !state.isClosing else { return nil }
      Self.end(&state) { $0.fingerprint == peer.fingerprint }
      state.last += 1
      state.streams[state.last] = Stream(
        terminal: peer.terminal, fingerprint: peer.fingerprint, waking: waking)
      waking.yield()
      return Ticket(id: state.last, wakings: wakings)
    }
  }

  /// Whether the stream was woken to look, rather than only to show that it lives.
  func takeLook(_ id: Int) -> Bool {
    state.withLock { state in
      defer { state.streams[id]?.mustLook = false }
      return state.streams[id]?.mustLook ?? false
    }
  }

  func close(_ id: Int) {
    state.withLock { $0.streams.removeValue(forKey: id) }?.waking.finish()
  }

  /// There may be something new.
  func look() {
    state.withLock { state in
      for id in state.streams.keys { state.streams[id]?.mustLook = true }
      for stream in state.streams.values { stream.waking.yield() }
    }
  }

  func beat() { state.withLock { $0.streams.values.forEach { $0.waking.yield() } } }

  func end(terminal: String) {
    state.withLock { Self.end(&$0) { $0.terminal == terminal } }
  }

  func endAll() {
    state.withLock { state in
      state.isClosing = true
      Self.end(&state) { _ in true }
    }
  }

  private static func end(_ state: inout State, where matches: (Stream) -> Bool) {
    for (id, stream) in state.streams where matches(stream) {
      state.streams[id] = nil
      stream.waking.finish()
    }
  }
}
