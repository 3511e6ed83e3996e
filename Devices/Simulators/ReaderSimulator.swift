// SPDX-License-Identifier: Apache-2.0

/// A resident-ID reader at the byte level: request bytes in, answer bytes out, a card put
/// on and taken off by hand, faults on demand. It has a codec of its own on purpose; one
/// shared with the driver would hide the driver's faults.
///
/// Keeps the ministry's order: a read needs a select, a select needs a find. After a
/// failed read the card must be taken off and put on again.
public struct ReaderSimulator: Sendable {
  /// What the card has gone through since it was put on.
  private enum Phase {
    case lying, found, selected, read, spent
  }

  public private(set) var card: SimulatedCard?
  /// Whether `find` still finds a card that was already read. Firmwares differ.
  public var findsReadCardAgain = true
  /// Whether it knows 30 03 at all; those that do not get status 21.
  public var knowsAddress = true
  /// So many bytes of fingerprints come with each read, though nobody asked: 0, 512 or
  /// 1,024; nil leaves them out with their length.
  public var fingerprintBytes: Int?
  /// Bits a second of its line, until its power goes.
  public private(set) var speed = ReaderSimulator.firstSpeed
  /// Answers given to reads that carried a card's data.
  public private(set) var cardsRead = 0

  private var phase = Phase.lying
  private var frames = ReaderFrames()
  private var faults: [ReaderFault] = []

  public init() {}

  public mutating func put(_ card: SimulatedCard) {
    self.card = card
    phase = .lying
  }

  public mutating func take() {
    card = nil
    phase = .lying
  }

  /// The next answer that `fault` fits is spoilt, once. Several wait in order.
  public mutating func fail(_ fault: ReaderFault) {
    faults.append(fault)
  }

  public mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
    answers(to: bytes).flatMap(\.bytes)
  }

  mutating func answers(to bytes: [UInt8]) -> [ReaderAnswer] {
    frames.receive(bytes).map { answer($0) }
  }

  /// It forgets everything but the card that lies on it and the faults that wait.
  mutating func losePower() {
    phase = .lying
    speed = Self.firstSpeed
    frames.dropPartial()
  }

  private static let firstSpeed = 115_200
  private static let speeds = [115_200, 57_600, 38_400, 19_200, 9_600]

  /// True in the middle of a request.
  public var isPartial: Bool { frames.isPartial }

  /// The line has been silent too long inside a request: the beginning is forgotten.
  public mutating func lineFellSilent() {
    frames.dropPartial()
  }

  private mutating func answer(_ request: ReaderFrames.Request) -> ReaderAnswer {
    switch request {
    case .badCheck: ReaderAnswer(ReaderFrames.answer(0x10))
    case .badLength: ReaderAnswer(ReaderFrames.answer(0x11))
    case .command(0x60, let parameter): ReaderAnswer(changeSpeed(parameter))
    case .command(let command, let parameter): answer(command, parameter)
    }
  }

  private mutating func changeSpeed(_ parameter: UInt8) -> [UInt8] {
    guard Self.speeds.indices.contains(Int(parameter)) else { return ReaderFrames.answer(0x21) }
    speed = Self.speeds[Int(parameter)]
    return ReaderFrames.answer(0x90)
  }

  private mutating func answer(_ code: UInt8, _ parameter: UInt8) -> ReaderAnswer {
    guard let command = ReaderCommand(rawValue: UInt16(code) << 8 | UInt16(parameter)) else {
      return ReaderAnswer(ReaderFrames.answer(0x21))
    }
    guard let index = faults.firstIndex(where: { $0.fits(command) }) else {
      return ReaderAnswer(answer(command))
    }
    let fault = faults.remove(at: index)
    guard let refusal = fault.refusal else { return fault.spoil(answer(command)) }
    if command == .read { phase = .spent }
    return ReaderAnswer(refusal)
  }

  private mutating func answer(_ command: ReaderCommand) -> [UInt8] {
    switch command {
    case .reset:
      if phase != .spent { phase = .lying }
      return ReaderFrames.answer(0x90)
    case .status: return ReaderFrames.answer(0x90)
    case .moduleID: return ReaderFrames.answer(0x90, Self.moduleID)
    case .find: return find()
    case .select: return select()
    case .read: return read()
    case .additionalAddress: return additionalAddress()
    }
  }

  private mutating func find() -> [UInt8] {
    guard card != nil, phase != .read || findsReadCardAgain else { return ReaderFrames.answer(0x80) }
    if phase != .spent { phase = .found }
    return ReaderFrames.answer(0x9F, [0, 0, 0, 0])
  }

  private mutating func select() -> [UInt8] {
    guard card != nil, phase == .found else { return ReaderFrames.answer(0x81) }
    phase = .selected
    return ReaderFrames.answer(0x90, Array(repeating: 0, count: 8))
  }

  private mutating func read() -> [UInt8] {
    guard let card, phase == .selected || phase == .read else { return ReaderFrames.answer(0x41) }
    phase = .read
    cardsRead += 1
    let lengths: [UInt8] = [0x01, 0x00, 0x04, 0x00]
    let parts = card.textBlock + card.photoBlock
    guard let fingerprintBytes else { return ReaderFrames.answer(0x90, lengths + parts) }
    let length = [UInt8(fingerprintBytes >> 8), UInt8(fingerprintBytes & 0xFF)]
    let fingers = Self.fingers.prefix(fingerprintBytes)
    return ReaderFrames.answer(0x90, lengths + length + parts + fingers)
  }

  private func additionalAddress() -> [UInt8] {
    guard knowsAddress else { return ReaderFrames.answer(0x21) }
    guard let card, phase == .selected || phase == .read else { return ReaderFrames.answer(0x41) }
    guard let block = card.additionalAddressBlock else { return ReaderFrames.answer(0x91) }
    return ReaderFrames.answer(0x90, block)
  }

  /// Two blocks that begin as the vendors' sheet says (right thumb, left thumb), and hold
  /// nobody's finger.
  private static let fingers: [UInt8] = [0x0B, 0x10].flatMap { finger in
    [0x43, 0x12, 0x01, 0x01, 0x01, finger, 0x50] + [UInt8](repeating: 0, count: 505)
  }

  /// The published example, 05.01-20101129-0001228293-0296863149.
  private static let moduleID: [UInt8] = [
    0x05, 0x00, 0x01, 0x00, 0x09, 0xB8, 0x32, 0x01, 0x05, 0xBE, 0x12, 0x00, 0xAD, 0xC5, 0xB1, 0x11,
  ]
}
