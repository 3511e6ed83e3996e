// SPDX-License-Identifier: Apache-2.0

/// A thermal slip printer at the byte level: ESC/POS in; answers, paper and memory as a
/// real one has them. Printing takes no time; the order is true.
///
/// Without paper or with the cover open it rests: what arrives waits in its memory (64 KB)
/// and is printed LATER, as soon as paper is put in, unless it is cleared by DLE ENQ 2.
/// Simplified against the real thing: the knife sits at the head, so nothing of a slip
/// stays above the cut for want of feeding.
public struct PrinterSimulator: Sendable {
  public enum PaperLevel: String, Hashable, Sendable {
    case ok
    case nearEnd
    case out
  }

  public enum Effect: Hashable, Sendable {
    /// Bytes for the host; `question` names what was asked, in hexadecimal.
    case answer([UInt8], question: String)
    /// The first dots of a paper that will get this number.
    case firstRow(paper: Int)
    case paper(PrintedPaper)
    case cleared(bytes: Int)
  }

  /// Memory for commands that cannot be carried out yet, in bytes.
  public static let memory = 65_536

  public private(set) var paper = PaperLevel.ok
  public private(set) var coverOpen = false
  /// All bytes that ever arrived.
  public private(set) var receivedBytes = 0
  public private(set) var papersCut = 0
  /// Dots of paper that hang out of the printer, printed and not cut.
  public var uncutRows: Int { page.picture.rows }
  /// Bytes that wait in the memory.
  public var bufferedBytes: Int { waitingBytes + scanner.pendingBytes }
  /// True while answers are held back.
  public private(set) var holding = false
  public var answerWaits: Bool { !heldAnswers.isEmpty }

  var page: PrinterPage
  var lineSpacing = 30
  /// Dots until the roll ends by itself.
  var dotsLeft: Int?

  private var scanner = CommandScanner()
  private var waiting: [CommandScanner.Scanned] = []
  private var waitingBytes = 0
  private var heldAnswers: [Effect] = []

  /// `headDots`: width of the print head, 576 on 80 mm paper, 384 on 58 mm.
  public init(headDots: Int = 576) {
    page = PrinterPage(width: headDots)
  }

  /// How much of the memory is free.
  public var freeBytes: Int { max(0, Self.memory - bufferedBytes) }

  public mutating func receive(_ bytes: [UInt8]) -> [Effect] {
    receivedBytes += bytes.count
    var effects: [Effect] = []
    for scanned in scanner.scan(bytes) {
      if scanned.command.isRealTime {
        effects += atOnce(scanned)
      } else {
        waiting.append(scanned)
        waitingBytes += scanned.bytes.count
      }
    }
    return effects + work()
  }

  /// The host has closed the line: an unfinished command is forgotten, answers that were
  /// held back for it are lost. Whole commands stay in the memory.
  public mutating func lineClosed() {
    scanner.dropPartial()
    heldAnswers = []
  }

  public mutating func set(paper level: PaperLevel) -> [Effect] {
    paper = level
    dotsLeft = nil
    return work()
  }

  public mutating func set(coverOpen open: Bool) -> [Effect] {
    coverOpen = open
    return work()
  }

  /// The roll ends by itself after so many more dots: paper out in mid-slip.
  public mutating func set(dotsLeft dots: Int) {
    dotsLeft = dots
    if dots <= 0 { paper = .out }
  }

  /// Holds answers back until it is set to false; then they go out in order.
  public mutating func set(holding hold: Bool) -> [Effect] {
    holding = hold
    guard !hold else { return [] }
    defer { heldAnswers = [] }
    return heldAnswers
  }

  private var rests: Bool { paper == .out || coverOpen }

  private mutating func atOnce(_ scanned: CommandScanner.Scanned) -> [Effect] {
    switch scanned.command {
    case .realTimeStatus(let kind):
      guard let status = realTimeStatus(kind) else { return [] }
      return answer([status], to: scanned.bytes)
    case .realTimeRecover(clears: true): return [clear()]
    default: return []
    }
  }

  private mutating func clear() -> Effect {
    defer {
      waiting = []
      waitingBytes = 0
    }
    return .cleared(bytes: waitingBytes)
  }

  private mutating func work() -> [Effect] {
    var effects: [Effect] = []
    var done = 0
    while done < waiting.count, !rests {
      waitingBytes -= waiting[done].bytes.count
      effects += carryOut(waiting[done])
      done += 1
    }
    waiting.removeFirst(done)
    return effects
  }

  private mutating func carryOut(_ scanned: CommandScanner.Scanned) -> [Effect] {
    switch scanned.command {
    case .orderedStatus(let kind):
      guard let status = orderedStatus(kind) else { return [] }
      return answer([status], to: scanned.bytes)
    case .cut(let cut, let feed):
      page.take(scanned.bytes)
      return feedPaper(feed) + cutPaper(cut)
    default:
      page.take(scanned.bytes)
      return draw(scanned)
    }
  }

  private mutating func draw(_ scanned: CommandScanner.Scanned) -> [Effect] {
    switch scanned.command {
    case .initialise: lineSpacing = 30
    case .lineSpacing(let dots): lineSpacing = dots
    case .lineFeed: return feedPaper(lineSpacing)
    case .feedLines(let lines): return feedPaper(lines * lineSpacing)
    case .feedDots(let dots): return feedPaper(dots)
    case .row(let row): return draw(row)
    case .text: page.undrawnCharacters += 1
    case .unknown: page.unknownBytes += scanned.bytes.count
    default: break
    }
    return []
  }

  private mutating func draw(_ row: RasterRow) -> [Effect] {
    let isFirst = !page.hasDots
    page.add(row)
    useUp(row.doubleHeight ? 2 : 1)
    return isFirst ? [.firstRow(paper: papersCut + 1)] : []
  }

  private mutating func feedPaper(_ dots: Int) -> [Effect] {
    page.feed(dots)
    useUp(dots)
    return []
  }

  private mutating func useUp(_ dots: Int) {
    guard let left = dotsLeft else { return }
    dotsLeft = max(0, left - dots)
    if dotsLeft == 0 { paper = .out }
  }

  private mutating func cutPaper(_ cut: PaperCut) -> [Effect] {
    guard page.picture.rows > 0 else { return [] }
    papersCut += 1
    defer { page = PrinterPage(width: page.picture.width) }
    return [.paper(page.cut(cut, number: papersCut))]
  }

  private mutating func answer(_ bytes: [UInt8], to question: [UInt8]) -> [Effect] {
    let effect = Effect.answer(bytes, question: Hexadecimal.text(question))
    guard holding else { return [effect] }
    heldAnswers.append(effect)
    return []
  }
}
