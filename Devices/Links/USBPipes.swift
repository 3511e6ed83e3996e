// SPDX-License-Identifier: Apache-2.0

/// One endpoint of a device that carries bytes.
struct USBPipe: Hashable, Sendable {
  var address: UInt8
  var isInterrupt: Bool
  /// The most bytes of one packet.
  var packet: Int

  var isIncoming: Bool { address & 0x80 != 0 }
}

/// What a device's descriptors say of one interface: its bulk and interrupt endpoints, in
/// their order.
struct USBInterface: Hashable, Sendable {
  var number: UInt8
  /// The class code; FF is the maker's own.
  var kind: UInt8
  var pipes: [USBPipe]
}

/// The endpoints of a link.
struct USBPipes: Hashable, Sendable {
  var interface: UInt8
  var framing: USBFraming
  /// With two pipes head and body are the same.
  var headOut, bodyOut, headIn, bodyIn: USBPipe

  func out(_ part: FourPipeFrame.Part) -> USBPipe { part == .head ? headOut : bodyOut }
  func incoming(_ part: FourPipeFrame.Part) -> USBPipe { part == .head ? headIn : bodyIn }
}

extension USBPipes {
  /// The pipes of the first interface that has what `framing` asks for (either, when it is
  /// nil). Interfaces of the maker's own class come first; keyboards and mice (class 03)
  /// never, since taking one would take it from the kernel.
  init?(of interfaces: [USBInterface], framing: USBFraming?) {
    let fit = interfaces.filter { $0.kind != 0x03 }
    let ordered = fit.filter { $0.kind == 0xFF } + fit.filter { $0.kind != 0xFF }
    let found = ordered.lazy.compactMap { interface in
      Self.fourPipes(interface) ?? Self.twoPipes(interface)
    }
    guard let pipes = found.first(where: { framing == nil || framing == $0.framing }) else { return nil }
    self = pipes
  }

  private static func fourPipes(_ interface: USBInterface) -> USBPipes? {
    let at = { (address: UInt8) in interface.pipes.first { $0.address == address } }
    guard interface.pipes.count == 4, let headOut = at(0x02), let bodyOut = at(0x06),
      let headIn = at(0x81), let bodyIn = at(0x85)
    else { return nil }
    return USBPipes(
      interface: interface.number, framing: .fourPipes, headOut: headOut, bodyOut: bodyOut,
      headIn: headIn, bodyIn: bodyIn)
  }

  private static func twoPipes(_ interface: USBInterface) -> USBPipes? {
    let out = interface.pipes.filter { !$0.isIncoming }
    let incoming = interface.pipes.filter(\.isIncoming)
    // Two of each at unknown addresses: nobody says which is which.
    guard out.count < 2 || incoming.count < 2, let out = out.first, let incoming = incoming.first
    else { return nil }
    return USBPipes(
      interface: interface.number, framing: .twoPipes, headOut: out, bodyOut: out,
      headIn: incoming, bodyIn: incoming)
  }
}
