// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// The network between a terminal and its centre, as a TCP proxy that can be cut and more. It
/// reads nothing: what passes may be TLS. One thread serves all connections, so a change of
/// mode is complete when `set` returns.
public final class CutProxy: Sendable {
  public enum Mode: String, Hashable, Sendable, CaseIterable {
    /// Passes everything on.
    case through
    /// Connections are reset, new ones refused.
    case cut
    /// Half open: connections are taken and requests passed on, but nothing is handed back.
    case halfOpen
    /// Connections are taken and nothing is passed on, either way.
    case blackHole
    /// Passes the next request on (under TLS: the next of a batch's size), waits until the
    /// answer has come, then hangs up without handing it over; afterwards `through`.
    case loseNextAnswer

    var passage: ProxyConnection.Passage {
      .init(requests: self != .blackHole, answers: self != .blackHole && self != .halfOpen)
    }
  }

  private final class Change: Sendable {
    let mode: Mode
    let done = DispatchSemaphore(value: 0)
    let fault = Mutex<SimulatorFault?>(nil)

    init(_ mode: Mode) {
      self.mode = mode
    }
  }

  /// An answer has ended when nobody said anything for so many milliseconds.
  private static let silence: Int32 = 300

  private struct State: Sendable {
    /// Nil while the network is cut. Held nowhere else, so that letting go closes it.
    var listener: Descriptor?
    var mode = Mode.through
    var answersLost = 0
    var changes: [Change] = []
    var isStopped = false
  }

  private let state: Mutex<State>
  private let centre: UInt16
  private let events: EventLog
  private let wake: WakeUp
  private let ended = DispatchSemaphore(value: 0)

  public let port: UInt16

  /// Listens on `port` (0: a free one) and passes on to `centre`, both on 127.0.0.1.
  public init(port: UInt16, to centre: UInt16, events: EventLog) throws(SimulatorFault) {
    var begun = State()
    (begun.listener, self.port) = try LoopbackSocket.listen(port)
    state = Mutex(begun)
    self.centre = centre
    self.events = events
    wake = try WakeUp()
    DispatchQueue(label: "cut proxy").async { self.serve() }
  }

  public var mode: Mode { state.withLock { $0.mode } }
  public var answersLost: Int { state.withLock { $0.answersLost } }

  /// Returns when the network is as `mode` says. Throws `portTaken` when somebody took the
  /// port while it was cut; it stays cut then.
  public func set(_ mode: Mode) throws(SimulatorFault) {
    let change = Change(mode)
    let isStopped = state.withLock { state in
      state.changes.append(change)
      return state.isStopped
    }
    guard !isStopped else { return }
    wake.ring()
    change.done.wait()
    if let fault = change.fault.withLock({ $0 }) { throw fault }
  }

  public func stop() {
    let first = state.withLock { state in
      defer { state.isStopped = true }
      return !state.isStopped
    }
    guard first else { return }
    wake.ring()
    ended.wait()
  }

  private func serve() {
    var connections: [ProxyConnection] = []
    while !state.withLock({ $0.isStopped }) {
      let ready = wait(connections)
      if ready.woken { wake.quieten() }
      for change in takeChanges() { carryOut(change, &connections) }
      if ready.called { connections += accept() }
      for connection in connections { move(connection, connections) }
      if ready.silent { loseAnswers(connections) }
      connections.removeAll { $0.isOver }
    }
    for connection in connections { connection.cut() }
    for change in takeChanges() { change.done.signal() }
    ended.signal()
  }

  private func wait(
    _ connections: [ProxyConnection]
  ) -> (woken: Bool, called: Bool, silent: Bool) {
    let listener = state.withLock { $0.listener }
    var wanted = [(wake.descriptor, POLLIN)]
    if let listener { wanted.append((listener, POLLIN)) }
    for connection in connections {
      if let terminal = connection.terminal { wanted.append((terminal, connection.terminalWants)) }
      wanted.append((connection.centre, connection.centreWants))
    }
    let patience = connections.contains { $0.awaitsSilence } ? Self.silence : -1
    // Who wants nothing must not be asked: poll reports a hang-up to everybody.
    let ready = Readiness.wait(wanted.filter { $0.1 != 0 }, milliseconds: patience)
    return (ready[0] != 0, listener != nil && ready[1] != 0, ready.allSatisfy { $0 == 0 })
  }

  private func takeChanges() -> [Change] {
    state.withLock { state in
      defer { state.changes = [] }
      return state.changes
    }
  }

  private func carryOut(_ change: Change, _ connections: inout [ProxyConnection]) {
    defer { change.done.signal() }
    if change.mode == .cut {
      state.withLock { $0.listener = nil }
      for connection in connections { connection.cut() }
      connections = []
    } else if state.withLock({ $0.listener == nil }) {
      do throws(SimulatorFault) {
        let listener = try LoopbackSocket.listen(port).0
        state.withLock { $0.listener = listener }
      } catch {
        return change.fault.withLock { $0 = error }
      }
    }
    state.withLock { $0.mode = change.mode }
    events.record("network.mode", ["mode": .text(change.mode.rawValue), "port": .number(Int(port))])
  }

  /// A centre that does not answer looks to the terminal like one that hangs up.
  private func accept() -> [ProxyConnection] {
    guard let listener = state.withLock({ $0.listener }),
      let terminal = LoopbackSocket.accept(listener)
    else { return [] }
    events.record("network.call", ["port": .number(Int(port))])
    guard let centre = LoopbackSocket.connect(centre) else {
      LoopbackSocket.resetOnClose(terminal)
      return []
    }
    return [ProxyConnection(terminal: terminal, centre: centre)]
  }

  private func move(_ connection: ProxyConnection, _ all: [ProxyConnection]) {
    let mode = mode
    let loses = mode == .loseNextAnswer && !all.contains { $0.isLosing && !$0.isOver }
    connection.move(mode.passage, loses: loses)
  }

  private func loseAnswers(_ connections: [ProxyConnection]) {
    for connection in connections where connection.awaitsSilence {
      connection.lose()
      state.withLock { state in
        state.answersLost += 1
        if state.mode == .loseNextAnswer { state.mode = .through }
      }
      events.record("network.answerLost", ["port": .number(Int(port))])
    }
  }
}
