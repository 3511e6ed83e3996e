// SPDX-License-Identifier: Apache-2.0

/// One printing, from the first question to the answer after the cut.
///
/// Nothing is sent to a printer that has not just said that it is well. While bands go
/// out, GS r 1 is put between them and its answers are counted: it is executed in its
/// turn, so each answer proves that all before it is printed, and no more than the
/// window is ever on its way. A cancel therefore reaches the printer behind little.
struct PrintRun<Line: PrinterLine> {
  private static var inOrderRequest: [UInt8] { [0x1D, 0x72, 0x01] }
  /// DLE ENQ 2 (recover and clear the buffers), ESC @.
  private static var clearing: [UInt8] { [0x10, 0x05, 0x02, 0x1B, 0x40] }
  /// GS V 66 0: feed to the knife and cut.
  private static var cut: [UInt8] { [0x1D, 0x56, 0x42, 0x00] }

  var line: Line
  let limits: Limits
  /// Keeps the mark that something uncut may stand in the printer: true from before the
  /// first dot until the knife has been told.
  private let markUncut: (Bool) -> Void
  private let beginsUncut: Bool
  private var asked = 0
  private var answered = 0

  /// `beginsUncut`: a former job left the mark.
  init(
    line: Line, limits: Limits, beginsUncut: Bool = false,
    markUncut: @escaping (Bool) -> Void = { _ in }
  ) {
    self.line = line
    self.limits = limits
    self.beginsUncut = beginsUncut
    self.markUncut = markUncut
  }

  mutating func run(_ bands: [[UInt8]]) -> Outcome {
    let status = askStatus(firstWithin: limits.firstAnswer)
    if line.isCancelled { return .notPrinted(.cancelled, status) }
    guard let status else { return .notPrinted(line.isClosed ? .offline : .silent) }
    if let trouble = status.trouble { return .notPrinted(trouble, status) }
    if bands.isEmpty { return .printed(status) }
    if beginsUncut, !line.send(Self.cut, within: limits.printing) { return .notPrinted(failure) }
    markUncut(true)
    if let trouble = send(bands) ?? sendInOrderRequest() ?? awaitAnswers(asked, last: true) {
      return interrupted(trouble)
    }
    markUncut(false)
    return .printed(status)
  }

  private mutating func send(_ bands: [[UInt8]]) -> Trouble? {
    var unasked = 0
    for band in bands {
      if line.isCancelled { return .cancelled }
      if limits.window > 0, unasked + band.count > limits.window / 2 {
        if let trouble = sendInOrderRequest() ?? awaitAnswers(asked - 1) { return trouble }
        unasked = 0
      }
      guard line.send(band, within: limits.printing) else { return failure }
      unasked += band.count
    }
    return nil
  }

  private mutating func sendInOrderRequest() -> Trouble? {
    guard line.send(Self.inOrderRequest, within: limits.printing) else { return failure }
    asked += 1
    return nil
  }

  private var failure: Trouble {
    line.isCancelled ? .cancelled : line.isClosed ? .offline : .silent
  }

  /// Waits until `count` in-order answers are there; the trouble when they will not come.
  /// After the `last` band a cancel still leaves the printer a second to answer: the whole
  /// slip is with it, and "printed" is better than "nobody knows".
  private mutating func awaitAnswers(_ count: Int, last: Bool = false) -> Trouble? {
    var end = line.elapsed + limits.printing
    var wasCancelled = false
    while answered < count {
      if line.isCancelled, !wasCancelled {
        guard last else { return .cancelled }
        wasCancelled = true
        end = min(end, line.elapsed + 1_000)
      }
      let left = end - line.elapsed
      guard left > 0, !line.isClosed else { return failure }
      if let byte = line.receive(within: min(1_000, left)) {
        take(byte)
      } else if !line.isCancelled, let cause = askStatus(firstWithin: limits.answer)?.cause {
        return cause
      }
    }
    return nil
  }

  /// Leaves nothing behind: what is still in the printer is cleared, and what came out
  /// is cut off, so that the next person's slip does not hang on it. A printer in trouble
  /// would keep the cut for later; there the mark stays, and the next job begins with it.
  private mutating func interrupted(_ trouble: Trouble) -> Outcome {
    guard line.send(Self.clearing, within: 1_000) else { return .unknown(trouble) }
    let status = askStatus(firstWithin: limits.answer)
    if let status, status.trouble == nil, line.send(Self.cut, within: 1_000) { markUncut(false) }
    return .unknown(status?.cause ?? trouble, status)
  }

  /// Nil when an answer is missing.
  private mutating func askStatus(firstWithin first: Int) -> PrinterStatus? {
    var status = PrinterStatus()
    for number in UInt8(1)...4 {
      let patience = number == 1 ? first : limits.answer
      guard line.send(PrinterStatus.request(number), within: patience),
        let byte = nextStatusByte(within: patience)
      else { return nil }
      status.take(byte)
    }
    return status
  }

  private mutating func nextStatusByte(within patience: Int) -> UInt8? {
    let end = line.elapsed + patience
    while line.elapsed <= end {
      guard let byte = line.receive(within: max(1, end - line.elapsed)) else { return nil }
      if PrinterStatus.isAnswer(byte) { return byte }
      take(byte)
    }
    return nil
  }

  private mutating func take(_ byte: UInt8) {
    if PrinterStatus.isInOrderAnswer(byte), answered < asked { answered += 1 }
  }
}
