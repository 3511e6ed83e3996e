// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc
import Synchronization

/// Puts a `PrinterSimulator` behind a TCP port (AppSocket, "port 9100"): one connection at
/// a time, the next waits. A full memory stops the reading, so the sender feels it.
public final class PrinterHost: Sendable {
  /// Bytes a connection may still send when the memory is full, so that status questions
  /// and DLE ENQ 2 get through; real printers keep such a reserve.
  private static let reserve = 256

  private struct State: Sendable {
    var machine: PrinterSimulator
    var connection: Descriptor?
    var connections = 0
  }

  private let state: Mutex<State>
  private let listener: Descriptor
  private let events: EventLog
  private let onPaper: @Sendable (PrintedPaper) -> Void
  private let onBytes: @Sendable ([UInt8]) -> Void
  private let wake: WakeUp
  private let stopping = Atomic(false)
  private let ended = DispatchSemaphore(value: 0)

  public let port: UInt16

  /// Listens on `port` (0: a free one). `onPaper` is called as soon as a paper is cut,
  /// before any later answer goes out; `onBytes` gets every byte as it arrives.
  public init(
    port: UInt16, headDots: Int = 576, events: EventLog,
    onPaper: @escaping @Sendable (PrintedPaper) -> Void,
    onBytes: @escaping @Sendable ([UInt8]) -> Void = { _ in }
  ) throws(SimulatorFault) {
    state = Mutex(State(machine: PrinterSimulator(headDots: headDots)))
    (listener, self.port) = try LoopbackSocket.listen(port)
    self.events = events
    self.onPaper = onPaper
    self.onBytes = onBytes
    wake = try WakeUp()
    DispatchQueue(label: "simulated printer").async { self.serve() }
  }

  public func stop() {
    guard !stopping.exchange(true, ordering: .sequentiallyConsistent) else { return }
    wake.ring()
    ended.wait()
  }

  /// A copy of the printer as it stands.
  public var printer: PrinterSimulator { state.withLock { $0.machine } }

  public func set(paper: PrinterSimulator.PaperLevel) {
    change("printer.paper", ["paper": .text(paper.rawValue)]) { $0.set(paper: paper) }
  }

  public func set(coverOpen: Bool) {
    change("printer.cover", ["open": .flag(coverOpen)]) { $0.set(coverOpen: coverOpen) }
  }

  public func set(holding: Bool) {
    change("printer.hold", ["holding": .flag(holding)]) { $0.set(holding: holding) }
  }

  /// The roll ends by itself after so many more dots.
  public func set(dotsLeft: Int) {
    change("printer.roll", ["dotsLeft": .number(dotsLeft)]) { machine in
      machine.set(dotsLeft: dotsLeft)
      return []
    }
  }

  private func change(
    _ name: String, _ details: [String: EventLog.Detail],
    _ body: (inout PrinterSimulator) -> [PrinterSimulator.Effect]
  ) {
    state.withLock { state in
      events.record(name, details)
      perform(body(&state.machine), &state)
    }
    wake.ring()
  }

  private func serve() {
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let ready = Readiness.wait(
        [(listener, POLLIN), (wake.descriptor, POLLIN)], milliseconds: -1)
      if ready[1] != 0 { wake.quieten() }
      if ready[0] & POLLIN != 0, let connection = LoopbackSocket.accept(listener) {
        converse(connection)
      }
    }
    ended.signal()
  }

  private func converse(_ connection: Descriptor) {
    let number = state.withLock { state in
      state.connection = connection
      state.connections += 1
      return state.connections
    }
    listen(to: connection, number)
    state.withLock { state in
      state.connection = nil
      state.machine.lineClosed()
    }
    events.record("printer.closed", ["connection": .number(number)])
  }

  /// Until the host closes. When the memory is full, nothing is read, and a host that
  /// closes is not even noticed, since its last bytes stand before the end; so the line is
  /// given up, with what was not handed over, as soon as the next host calls.
  private func listen(to connection: Descriptor, _ number: Int) {
    var reserve = Self.reserve
    var isFirst = true
    while !stopping.load(ordering: .sequentiallyConsistent) {
      let free = state.withLock { $0.machine.freeBytes }
      let room = min(free > 0 ? free : reserve, 16_384)
      let ready = Readiness.wait(
        [(room > 0 ? connection : listener, POLLIN), (wake.descriptor, POLLIN)],
        milliseconds: -1)
      if ready[1] != 0 { wake.quieten() }
      guard ready[0] != 0 else { continue }
      guard room > 0 else { return }
      switch connection.take(room) {
      case .ended: return
      case .nothingYet: continue
      case .bytes(let bytes):
        if free == 0 { reserve -= bytes.count }
        if isFirst { events.record("printer.firstByte", ["connection": .number(number)]) }
        isFirst = false
        receive(bytes)
      }
    }
  }

  private func receive(_ bytes: [UInt8]) {
    onBytes(bytes)
    state.withLock { state in
      perform(state.machine.receive(bytes), &state)
    }
  }

  private func perform(_ effects: [PrinterSimulator.Effect], _ state: inout State) {
    for effect in effects {
      switch effect {
      case .answer(let bytes, let question):
        events.record(
          "printer.status",
          ["question": .text(question), "answer": .text(Hexadecimal.text(bytes))])
        state.connection?.giveAll(bytes, patience: 1000)
      case .firstRow(let paper): events.record("printer.firstRow", ["paper": .number(paper)])
      case .cleared(let bytes): events.record("printer.cleared", ["bytes": .number(bytes)])
      case .paper(let paper):
        onPaper(paper)
        events.record(
          "printer.cut",
          ["paper": .number(paper.number), "rows": .number(paper.picture.rows)])
      }
    }
  }
}
