// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import ReceiptPrinters
@testable import nightdesk_escpos

/// A line to a printer in memory. Time passes only by waiting in vain.
struct LineInMemory: PrinterLine {
  var printer = PrinterModelInMemory()
  var elapsed = 0
  var isClosed = false
  /// The cancel comes once so many bytes are sent.
  var cancelAfter = Int.max
  private(set) var sent: [UInt8] = []
  private var answers: [UInt8] = []
  private var isCancelTold = false

  var isCancelled: Bool { sent.count >= cancelAfter }

  mutating func send(_ bytes: [UInt8], within patience: Int) -> Bool {
    guard !isClosed else { return false }
    sent += bytes
    answers += printer.receive(bytes).answers
    return true
  }

  mutating func receive(within patience: Int) -> UInt8? {
    if !answers.isEmpty { return answers.removeFirst() }
    if isCancelled, !isCancelTold {
      isCancelTold = true
      return nil
    }
    elapsed += patience
    return nil
  }
}

struct FilterTests {
  static let bitmap = SlipLayout(paper: SlipLayoutTests.wide).bitmap(of: SampleSlips.chinese)
  static let bands = SlipDocument(job: SlipDocumentTests.job, bitmap: bitmap).bands
  static let questions: [UInt8] = [
    0x10, 0x04, 0x01, 0x10, 0x04, 0x02, 0x10, 0x04, 0x03, 0x10, 0x04, 0x04,
  ]

  func run(
    _ line: LineInMemory, _ bands: [[UInt8]] = bands, limits: Limits = Limits()
  ) -> (Outcome, LineInMemory) {
    var run = PrintRun(line: line, limits: limits)
    let outcome = run.run(bands)
    return (outcome, run.line)
  }

  @Test("A healthy printer prints, once, and the outcome is printed")
  func prints() {
    let (outcome, line) = run(LineInMemory())
    #expect(outcome == .printed(PrinterStatus([0x12, 0x12, 0x12, 0x12])))
    #expect(line.printer.papers.count == 1 && line.printer.papers[0] == Self.bitmap.rows)
    #expect(line.sent.starts(with: Self.questions))
  }

  @Test(
    "A printer in trouble is sent nothing but the four questions",
    arguments: [
      ([0x1A, 0x32, 0x12, 0x72], Trouble.outOfPaper),
      ([0x12, 0x12, 0x12, 0x7E], .outOfPaper),
      ([0x1A, 0x16, 0x12, 0x12], .coverOpen),
      // An open cover hides what the paper's sensor says.
      ([0x1A, 0x16, 0x12, 0x72], .coverOpen),
      ([0x1A, 0x52, 0x1A, 0x12], .cutter),
      ([0x1A, 0x52, 0x52, 0x12], .overheated),
      ([0x1A, 0x12, 0x12, 0x12], .offline),
    ] as [([UInt8], Trouble)])
  func trouble(status: [UInt8], trouble: Trouble) {
    var line = LineInMemory()
    line.printer.status = status
    let (outcome, after) = run(line)
    #expect(outcome == .notPrinted(trouble, PrinterStatus(status)))
    #expect(after.sent == Self.questions)
  }

  @Test("Paper near its end prints, and is reported")
  func low() {
    var line = LineInMemory()
    line.printer.status[3] = 0x1E
    let (outcome, _) = run(line)
    #expect(outcome.kind == .printed)
    #expect(outcome.json == #"{"outcome":"printed","status":"12 12 12 1e","paper":"low"}"#)
  }

  @Test("A printer that says nothing is sent one question")
  func silent() {
    var line = LineInMemory()
    line.printer.isMute = true
    let (outcome, after) = run(line)
    #expect(outcome == .notPrinted(.silent))
    #expect(after.sent == [0x10, 0x04, 0x01])
    #expect(after.elapsed <= Limits().firstAnswer)
  }

  @Test("Nobody at the other end is off line")
  func closed() {
    var line = LineInMemory()
    line.isClosed = true
    #expect(run(line).0 == .notPrinted(.offline))
  }

  @Test("Paper that ends on the way is unknown with its cause, and nothing is printed later")
  func paperEnds() {
    var line = LineInMemory()
    line.printer.rowsLeft = 700
    var (outcome, after) = run(line)
    #expect(outcome.kind == .unknown && outcome.trouble == .outOfPaper)
    after.printer.putPaperIn()
    #expect(after.printer.papers.isEmpty)
    #expect(after.printer.paper.count < 72 * 800)
  }

  @Test("A cancel before the first byte prints nothing and says so")
  func cancelledEarly() {
    var line = LineInMemory()
    line.printer.isMute = true
    line.cancelAfter = 1
    let (outcome, after) = run(line)
    #expect(outcome == .notPrinted(.cancelled))
    #expect(after.sent == [0x10, 0x04, 0x01])
  }

  @Test("A cancel on the way ends the command, clears the printer, cuts, and is unknown")
  func cancelledMidway() {
    var line = LineInMemory()
    line.cancelAfter = 30_000
    let (outcome, after) = run(line)
    #expect(outcome.kind == .unknown && outcome.trouble == .cancelled)
    #expect(after.printer.papers.count == 1)
    #expect(after.printer.papers[0].count < Self.bitmap.rows.count)
    #expect(after.printer.unknownCommands == 0)
    #expect(after.sent.suffix(4) == [0x1D, 0x56, 0x42, 0x00])
  }

  @Test("A cancel after the last band still hears that all is printed")
  func cancelledLate() {
    var line = LineInMemory()
    line.cancelAfter = run(line).1.sent.count - 3
    #expect(run(line).0.kind == .printed)
  }

  @Test("What hangs uncut in the printer is cut off before the next slip")
  func uncut() {
    var line = LineInMemory()
    line.printer.rowsLeft = 700
    var marks: [Bool] = []
    var first = PrintRun(line: line, limits: Limits(), markUncut: { marks.append($0) })
    _ = first.run(Self.bands)
    #expect(marks == [true])
    first.line.printer.putPaperIn()
    var second = PrintRun(
      line: first.line, limits: Limits(), beginsUncut: true, markUncut: { marks.append($0) })
    #expect(second.run(Self.bands).kind == .printed)
    #expect(marks == [true, true, false])
    #expect(second.line.printer.papers.count == 2)
    let isWhole = second.line.printer.papers.last == Self.bitmap.rows
    #expect(isWhole)
  }

  @Test("Never more than the window is on its way without an answer")
  func window() {
    var line = LineInMemory()
    line.printer.rowsLeft = 1
    let (_, after) = run(line)
    #expect(after.sent.count < 32_768 + 4_104 + 100)
  }

  @Test("A question without bands prints nothing and hears how the printer is")
  func question() {
    let (outcome, after) = run(LineInMemory(), [])
    #expect(outcome.kind == .printed)
    #expect(after.sent == Self.questions)
  }

  @Test("Bytes that are no answer are passed over")
  func stray() {
    #expect(!PrinterStatus.isAnswer(0x00) && !PrinterStatus.isAnswer(0x10))
    #expect(!PrinterStatus.isAnswer(0xFF) && !PrinterStatus.isAnswer(0x14))
    #expect(PrinterStatus.isAnswer(0x12) && PrinterStatus.isAnswer(0x7E))
    #expect(PrinterStatus.isInOrderAnswer(0x0C) && !PrinterStatus.isInOrderAnswer(0x12))
  }

  @Test("Limits come from the job's options; what is not ours or no number is passed over")
  func options() {
    let limits = Limits(options: "media=x nightdesk-answer=7 nightdesk-window=abc nightdesk-printing")
    var expected = Limits()
    expected.answer = 7
    #expect(limits == expected)
  }

  @Test("What the filter writes, the driver reads")
  func outcomes() {
    let status = PrinterStatus([0x12, 0x12, 0x12, 0x1E])
    let pairs: [(Outcome, SlipOutcome)] = [
      (.printed(status), .printed),
      (.notPrinted(.outOfPaper, status), .notPrinted(.outOfPaper)),
      (.unknown(.silent), .unknown(.silent)),
    ]
    for (written, read) in pairs {
      let record = OutcomeRecord(Array(written.json.utf8) + [10])
      #expect(record.outcome == read)
      #expect(record.isPaperLow == (written.status != nil))
    }
  }

  @Test(
    "Anything but a whole outcome is unknown",
    arguments: [
      "", "{}", "{\"outcome\":\"printed\"", "{\"outcome\":\"printed\",\"trouble\":\"silent\"}",
      "{\"outcome\":\"notPrinted\"}", "{\"outcome\":\"unknown\",\"trouble\":\"x\"}",
      "{\"outcome\":\"printed\",\"outcome\":\"printed\"}", "[\"outcome\",\"printed\"]", "printed",
    ])
  func damaged(text: String) {
    #expect(OutcomeRecord(Array(text.utf8)).outcome == .unknown(.spooler))
  }
}
