// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Glibc
import Simulators
import Synchronization
import Testing

/// A simulated reader on one kind of link, and the hands that play with it.
final class ContractBench: Sendable {
  private struct State {
    var host: ReaderHost?
    var card: SimulatedCard?
    var link: (any ByteLink)?
    /// While it is shut nothing is opened that would be refused again at once.
    var isShut = false
  }

  let kind: ContractLink
  let port: String
  let events = EventLog(now: { 0 })
  private let tty: String
  private let bus: USBBus?
  private let simulator: USBSimulator?
  /// Has all that happened in it already: the hands do nothing then.
  let player: PlayedLink?
  private let recording: (place: ContractRecording, recorder: ExchangeRecorder)?
  private let state = Mutex(State())
  private static let nextPort = Atomic(1)

  /// The reader is there, without a card.
  init(_ kind: ContractLink, scene clause: String) async throws {
    self.kind = kind
    let place = ContractRecording(clause: clause)
    player = kind == .played ? PlayedLink(try place.read()) : nil
    recording =
      place.isMade(on: kind)
      ? (place, ExchangeRecorder(clock: ContinuousClock(), scrubber: InventedPersons())) : nil
    // A real kernel's bus has so many ports; each was left long before its turn comes again.
    port = "3-\(Self.nextPort.add(1, ordering: .relaxed).oldValue % 15 + 1)"
    tty = "/tmp/nightdesk-contract-\(getpid())-\(port).tty"
    bus = kind.framing == nil ? nil : try USBBus()
    simulator = kind.framing == nil ? nil : try USBSimulator(control: try #require(ContractLink.control))
    if kind.framing != nil { try startHost() }
    try await replug()
  }

  deinit {
    simulator?.order("clear \(port)")
    simulator?.remove(port)
    state.withLock { $0.host?.stop() }
  }

  private var match: USBMatch { USBMatch(vendor: 0x0400, product: 0xC35A, port: port) }

  private func startHost() throws {
    let host = try ReaderHost(link: tty, events: events)
    let card = state.withLock { state in
      state.host = host
      return state.card
    }
    if let card { host.put(card) }
  }

  /// The scene is through: what was recorded of it is kept, or was played to its end.
  func finish() throws {
    if let recording { try recording.place.write(recording.recorder) }
    if let player { #expect(player.isOver) }
  }

  /// Where driver and recording part is a fault, and the reason of others.
  func judge() {
    if let difference = player?.difference { Issue.record("\(difference)") }
  }

  /// Whether a player has nothing more to say.
  var isPlayed: Bool { player.map { $0.isOver || $0.difference != nil } ?? true }

  /// Opens the link for the driver. A door that was found shut is not tried again until
  /// `allow`: the mock counts refused openings, and has room for few.
  func open() async throws(LinkFault) -> any ByteLink {
    if let player { return try await player.open() }
    guard let recorder = recording?.recorder else { return try await openDoor() }
    return try await recorder.opening { () async throws(LinkFault) in try await openDoor() }
  }

  private func openDoor() async throws(LinkFault) -> any ByteLink {
    while state.withLock({ $0.isShut }), !Task.isCancelled { await Task.yield() }
    do throws(LinkFault) {
      let link = try await opened()
      state.withLock { $0.link = link }
      return link
    } catch {
      if error == .denied { state.withLock { $0.isShut = true } }
      throw error
    }
  }

  private func opened() async throws(LinkFault) -> any ByteLink {
    guard let bus else { return try await SerialLink.open(path: tty, baud: .baud115200) }
    guard bus.presence(of: match).isThere else { throw .gone }
    return try await USBLink.open(match, on: bus)
  }
}

extension ContractBench {
  func put(_ card: SimulatedCard) {
    let host = state.withLock { state in
      state.card = card
      return state.host
    }
    host?.put(card)
  }

  func take() {
    let host = state.withLock { state in
      state.card = nil
      return state.host
    }
    host?.take()
  }

  /// The reader's own fault, whatever the link.
  func spoil(_ kind: ReaderFault.Kind, on command: ReaderCommand? = nil, times: Int = 1) {
    let host = state.withLock { $0.host }
    for _ in 0..<times { host?.fail(ReaderFault(kind, on: command)) }
  }

  /// A fault of the USB device. False: it cannot have this one.
  @discardableResult
  func fail(_ fault: USBSimulator.Fault, times: Int = 1, at request: ReaderCommand? = nil) -> Bool {
    simulator?.fail(port, fault, times: times, at: request) == "ok"
  }

  /// The cable is pulled: the bus, or the tty, tells at once.
  func unplug() {
    if let simulator {
      simulator.remove(port)
    } else {
      let host = state.withLock { state in
        defer { state.host = nil }
        return state.host
      }
      host?.stop()
    }
  }

  /// Its card lies there as before.
  func replug() async throws {
    guard player == nil else { return }
    guard let framing = kind.framing, let simulator else { return try startHost() }
    // What a fault unplugged is gone a moment later.
    while simulator.add(port, framing, tty: tty) != "ok" { await Task.yield() }
  }

  func deny() { setMode(0) }

  func allow() {
    setMode(0o600)
    state.withLock { $0.isShut = false }
  }

  private func setMode(_ mode: mode_t) {
    if let simulator {
      simulator.order("\(mode == 0 ? "deny" : "allow") \(port)")
    } else {
      chmod(tty, mode)
    }
  }

  /// Whether all faults of the USB device have happened.
  var isThrough: Bool { player != nil || simulator?.count(port, of: "faults") == 0 }

  /// The link that the driver holds.
  var link: (any ByteLink)? { state.withLock { $0.link } }

  /// Another program's hold on the reader.
  func hold() async throws -> (any ByteLink)? {
    guard player == nil else { return nil }
    guard let bus else { return try await SerialLink.open(path: tty, baud: .baud115200) }
    if fail(.busy) { return nil }
    while !bus.presence(of: match).isThere { await Task.yield() }
    return try await USBLink.open(match, on: USBBus())
  }

  /// Returns when the reader has been asked for the card's data once more than `before`.
  func awaitRead(after before: Int) async {
    while player == nil, reads <= before, !Task.isCancelled { await Task.yield() }
  }

  var reads: Int { events.events.count { $0.name == "card.read" } }
}
