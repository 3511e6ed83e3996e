// SPDX-License-Identifier: Apache-2.0

import DeviceKit

/// A device on USB as a stream of bytes, whichever way its endpoints carry them.
///
/// - A packet of no bytes is passed over.
/// - An endpoint that stalls is cleared, so that the next try may go well.
/// - A line error is `gone`: that is what a cable being pulled looks like at first.
/// - An answer whose last packet is full and not followed by an empty one comes only when
///   patience ends. None of the ministry's protocol is such a one, with packets of 64 bytes
///   (11 … 2,321 bytes).
public actor USBLink: ByteLink {
  /// As much as one transfer may carry: a whole answer with text and photo (1,295 bytes).
  private static let room = 2048
  /// So many empty packets in a row are no answer.
  private static let mostEmpty = 16
  /// How long a device may take to give what it has ready, in milliseconds: an order to a
  /// full-speed device waits for the next frame of 1 ms.
  private static let shortest = Duration.milliseconds(10)

  /// Where the device hangs, as `USBMatch.port` names it.
  public nonisolated let port: String
  /// What its descriptors showed.
  public nonisolated let framing: USBFraming

  private let thread: LinkThread
  private let wake: WakeLine
  /// Nil after closing.
  private var device: USBDevice?
  private var flights: [ObjectIdentifier: USBTransfer] = [:]
  /// Read and not yet handed over.
  private var held: [UInt8] = []
  private var answer = FourPipeAnswer()

  public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  public nonisolated var executor: (any TaskExecutor)? { thread }

  /// Opens the device that fits `match`, the first by port of several, and claims the
  /// interface that carries its frames; a kernel driver that holds it is sent away until
  /// the link is closed.
  ///
  /// - Parameter framing: nil takes what the descriptors show; otherwise only an interface
  ///   of that kind will do.
  /// - Throws: `gone` without such a device; `denied` without the right to open it, which a
  ///   udev rule gives (`USBMatch.udevRule`); `busy` when another program holds it;
  ///   `broken(ENOTSUP)` when its descriptors show no interface that would do.
  public static func open(
    _ match: USBMatch, framing: USBFraming? = nil, on bus: USBBus
  ) async throws(LinkFault) -> USBLink {
    let thread = LinkThread(label: "usb link")
    let wake = try WakeLine()
    let context = bus.context
    // The kernel may take seconds over this, while it resets a hub for instance.
    let opened = await thread.result { () throws(LinkFault) in
      try USBDevice.open(match, framing: framing, in: context, thread: thread)
    }
    return USBLink(try opened.get(), thread, wake)
  }

  private init(_ device: USBDevice, _ thread: LinkThread, _ wake: WakeLine) {
    self.device = device
    self.thread = thread
    self.wake = wake
    port = device.port
    framing = device.pipes.framing
  }

  public func write(_ bytes: [UInt8], within patience: Duration) async throws(LinkFault) {
    guard let pipes = device?.pipes else { throw .gone }
    try await dropRest()
    let pieces =
      pipes.framing == .fourPipes
      ? FourPipeFrame.pieces(of: bytes) : [FourPipeFrame.Piece(part: .head, bytes: bytes)]
    for piece in pieces { try await send(piece.bytes, to: pipes.out(piece.part), patience) }
  }

  public func read(upTo limit: Int, within patience: Duration) async throws(LinkFault) -> [UInt8] {
    guard device != nil else { throw .gone }
    if held.isEmpty { held = try await receive(max(patience, Self.shortest)) }
    let bytes = Array(held.prefix(max(limit, 1)))
    held.removeFirst(bytes.count)
    return bytes
  }

  public func rest<Time: Clock<Duration>>(
    for length: Duration, by clock: Time
  ) async throws(LinkFault) {
    guard clock is ContinuousClock else {
      // Throws only when cancelled, which the caller sees.
      try? await clock.sleep(for: length)
      return
    }
    await withTaskCancellationHandler {
      while device != nil, !wake.isLast, !Task.isCancelled, wake.rings(within: length) {}
    } onCancel: { [wake] in
      wake.pull()
    }
    guard device != nil, !wake.isLast else { throw .gone }
  }

  public func reset() async throws(LinkFault) {
    await endFlights()
    held = []
    answer = FourPipeAnswer()
    guard let device else { throw .gone }
    try device.reset()
  }

  public nonisolated func close() async {
    wake.pull(last: true)
    await shut()
  }
}

extension USBLink {
  private func shut() async {
    let closing = device
    device = nil
    await endFlights()
    closing?.close()
  }
}

extension USBLink {
  private func send(
    _ bytes: [UInt8], to pipe: USBPipe, _ patience: Duration
  ) async throws(LinkFault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let device else { throw .gone }
      let landing = await fly(
        try USBTransfer(Array(rest), to: pipe, of: device, within: patience))
      rest = rest.dropFirst(landing.bytes.count)
      switch landing.end {
      case .whole: break
      case .late where !landing.bytes.isEmpty: break
      case .stalled:
        device.clearHalt(pipe)
        throw .stalled
      case .late, .cancelled: throw self.device == nil ? .gone : .stalled
      case .babble, .gone: throw .gone
      }
    }
  }

  /// What the pipe whose turn it is gives; never nothing.
  private func receive(_ patience: Duration) async throws(LinkFault) -> [UInt8] {
    for _ in 0..<Self.mostEmpty {
      guard let device else { throw .gone }
      let pipe = device.pipes.incoming(answer.next)
      let length = (Self.room + pipe.packet - 1) / pipe.packet * pipe.packet
      let landing = await fly(
        try USBTransfer(reading: length, from: pipe, of: device, within: patience))
      guard self.device != nil else { throw .gone }
      if device.pipes.framing == .fourPipes { answer.took(landing.bytes) }
      switch landing.end {
      case .whole: if !landing.bytes.isEmpty { return landing.bytes }
      case .late where !landing.bytes.isEmpty: return landing.bytes
      case .late: throw .late
      case .cancelled:
        held += landing.bytes
        throw .late
      case .stalled:
        device.clearHalt(pipe)
        throw .stalled
      case .babble: throw .babble
      case .gone: throw .gone
      }
    }
    throw .late
  }

  /// Takes what is left of an answer that was given up in its middle off the body's pipe,
  /// where the next answer's body would queue behind it.
  private func dropRest() async throws(LinkFault) {
    guard answer.missing > 0 else { return }
    held = []
    do throws(LinkFault) {
      while answer.missing > 0 { _ = try await receive(Self.shortest) }
    } catch {
      answer = FourPipeAnswer()
      if error == .gone { throw error }
    }
  }

  private func fly(_ transfer: USBTransfer) async -> USBTransfer.Landing {
    flights[ObjectIdentifier(transfer)] = transfer
    defer { flights[ObjectIdentifier(transfer)] = nil }
    return await transfer.run()
  }

  /// Returns when libusb owes no callback for this link.
  private func endFlights() async {
    while let flight = flights.values.first(where: { !$0.hasLanded }) {
      flight.cancel()
      _ = await flight.landing()
    }
  }
}
