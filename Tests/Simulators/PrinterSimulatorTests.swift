// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulators

struct PrinterSimulatorTests {
  private func papers(_ effects: [PrinterSimulator.Effect]) -> [PrintedPaper] {
    effects.compactMap { effect -> PrintedPaper? in
      if case .paper(let paper) = effect { paper } else { nil }
    }
  }

  private func answers(_ effects: [PrinterSimulator.Effect]) -> [UInt8] {
    effects.flatMap { effect -> [UInt8] in
      if case .answer(let bytes, _) = effect { bytes } else { [] }
    }
  }

  @Test func `a raster becomes black dots and a cut gives the paper`() throws {
    var printer = PrinterSimulator(headDots: 48)
    let bytes = Slip.initialise + Slip.raster(rowBytes: 1, rows: 2, of: 0x81) + Slip.cut
    let paper = try #require(papers(printer.receive(bytes)).first)
    #expect(paper.picture.rows == 2)
    #expect(paper.picture.bits == [0x81, 0, 0, 0, 0, 0, 0x81, 0, 0, 0, 0, 0])
    #expect(paper.picture.isBlack(x: 7, y: 1))
    #expect(!paper.picture.isBlack(x: 8, y: 1))
    #expect(paper.bytes == bytes)
    #expect(paper.cut == .full)
  }

  @Test func `the same paper comes from any pieces`() {
    let bytes = Slip.plain + Slip.askInOrder + Slip.plain
    var whole = PrinterSimulator()
    var pieces = PrinterSimulator()
    #expect(whole.receive(bytes) == bytes.flatMap { pieces.receive([$0]) })
    #expect(whole.papersCut == 2)
  }

  @Test func `raster data that looks like a question is data`() throws {
    var printer = PrinterSimulator(headDots: 24)
    let row: [UInt8] = [0x10, 0x04, 0x01]
    let bytes = [0x1D, 0x76, 0x30, 0, 3, 0, 1, 0] + row + Slip.cut
    let effects = printer.receive(bytes)
    #expect(answers(effects) == [])
    #expect(papers(effects).first?.picture.bits == row)
  }

  @Test func `dots beyond the head are lost`() {
    var printer = PrinterSimulator(headDots: 16)
    let effects = printer.receive(Slip.raster(rowBytes: 3, rows: 1) + Slip.cut)
    #expect(papers(effects).first?.picture.bits == [0xFF, 0xFF])
  }

  private static let doubled: [(UInt8, [UInt8], Int)] = [
    (1, [0xCC, 0x03], 1),
    (2, [0xA1, 0x00, 0xA1, 0x00], 2),
    (3, [0xCC, 0x03, 0xCC, 0x03], 2),
  ]

  @Test(arguments: doubled) func `double width and height are drawn`(mode: UInt8, bits: [UInt8], rows: Int) {
    var printer = PrinterSimulator(headDots: 16)
    let effects = printer.receive([0x1D, 0x76, 0x30, mode, 1, 0, 1, 0, 0xA1] + Slip.cut)
    #expect(papers(effects).first?.picture.rows == rows)
    #expect(papers(effects).first?.picture.bits == bits)
  }

  private static let feeds: [([UInt8], Int)] = [
    ([0x1B, 0x64, 3], 90), ([0x1B, 0x4A, 17], 17), ([0x0A], 30),
    ([0x1B, 0x33, 40, 0x1B, 0x64, 2], 80), ([0x1B, 0x33, 40, 0x1B, 0x40, 0x0A], 30),
    ([0x1B, 0x61, 1, 0x1B, 0x4A, 5], 5),
  ]

  @Test(arguments: feeds) func `paper is fed`(bytes: [UInt8], rows: Int) {
    var printer = PrinterSimulator()
    #expect(papers(printer.receive(bytes + Slip.cut)).first?.picture.rows == rows)
  }

  private static let cuts: [([UInt8], PaperCut, Int)] = [
    ([0x1D, 0x56, 48], .full, 3),
    ([0x1D, 0x56, 1], .partial, 3),
    ([0x1D, 0x56, 65, 20], .full, 23),
    ([0x1D, 0x56, 66, 0], .partial, 3),
    ([0x1B, 0x69], .full, 3),
  ]

  @Test(arguments: cuts) func `every form of the cut is known`(bytes: [UInt8], cut: PaperCut, rows: Int) {
    var printer = PrinterSimulator()
    let paper = papers(printer.receive(Slip.raster(rowBytes: 2, rows: 3) + bytes)).first
    #expect(paper?.cut == cut)
    #expect(paper?.picture.rows == rows)
  }

  @Test func `a cut without paper gives none`() {
    var printer = PrinterSimulator()
    #expect(printer.receive(Slip.initialise + Slip.cut) == [])
    #expect(printer.papersCut == 0)
  }

  @Test func `text and unknown commands are counted, not passed over`() throws {
    var printer = PrinterSimulator()
    let bytes = Array("abc".utf8) + [0x1B, 0x01] + [0x1B, 0x4A, 9] + Slip.cut
    let paper = try #require(papers(printer.receive(bytes)).first)
    #expect(paper.undrawnCharacters == 3)
    #expect(paper.unknownBytes == 2)
  }

  @Test func `commands with a length of their own do not leak their data`() {
    var printer = PrinterSimulator()
    let store: [UInt8] = [0x1D, 0x28, 0x6B, 5, 0, 0x31, 0x50, 0x30, 0x10, 0x04]
    let columns: [UInt8] = [0x1B, 0x2A, 33, 1, 0, 0x1D, 0x56, 0x00]
    #expect(printer.receive(store + columns) == [])
    #expect(printer.bufferedBytes == 0)
  }

  private static let states: [(PrinterSimulator.PaperLevel, Bool, [UInt8])] = [
    (.ok, false, [0x12, 0x12, 0x12, 0x12]),
    (.nearEnd, false, [0x12, 0x12, 0x12, 0x1E]),
    (.out, false, [0x1A, 0x32, 0x12, 0x72]),
    (.ok, true, [0x1A, 0x16, 0x12, 0x12]),
  ]

  @Test(arguments: states) func `real-time status tells paper and cover`(
    paper: PrinterSimulator.PaperLevel, open: Bool, status: [UInt8]
  ) {
    var printer = PrinterSimulator()
    _ = printer.set(paper: paper)
    _ = printer.set(coverOpen: open)
    let effects = printer.receive((1...4).flatMap { Slip.ask($0) })
    #expect(answers(effects) == status)
    #expect(answers(effects).allSatisfy { $0 & 0x93 == 0x12 })
  }

  @Test func `the answer in order comes after the paper`() {
    var printer = PrinterSimulator()
    let effects = printer.receive(Slip.plain + Slip.askInOrder)
    guard case .firstRow(1) = effects.first, case .paper = effects.dropFirst().first else {
      Issue.record("paper first")
      return
    }
    #expect(effects.last == .answer([0x00], question: "1D 72 01"))
    _ = printer.set(paper: .nearEnd)
    #expect(answers(printer.receive(Slip.askInOrder)) == [0x03])
  }

  @Test func `without paper it keeps what comes and prints it later`() {
    var printer = PrinterSimulator()
    _ = printer.set(paper: .out)
    #expect(printer.receive(Slip.plain + Slip.askInOrder) == [])
    #expect(printer.bufferedBytes == Slip.plain.count + 3)
    #expect(answers(printer.receive(Slip.ask(4))) == [0x72])
    let effects = printer.set(paper: .ok)
    #expect(papers(effects).count == 1)
    #expect(answers(effects) == [0x00])
    #expect(printer.bufferedBytes == 0)
  }

  @Test func `what was cleared is never printed`() {
    var printer = PrinterSimulator()
    _ = printer.set(paper: .out)
    _ = printer.receive(Slip.plain)
    #expect(printer.receive(Slip.clear) == [.cleared(bytes: Slip.plain.count)])
    #expect(printer.set(paper: .ok) == [])
    #expect(printer.papersCut == 0)
  }

  @Test func `an open cover stops it and closing goes on`() {
    var printer = PrinterSimulator()
    _ = printer.set(coverOpen: true)
    #expect(printer.receive(Slip.plain) == [])
    #expect(papers(printer.set(coverOpen: false)).count == 1)
  }

  @Test func `a roll that ends in mid-slip leaves the rest in the memory`() {
    var printer = PrinterSimulator()
    printer.set(dotsLeft: 2)
    #expect(papers(printer.receive(Slip.plain)) == [])
    #expect(printer.paper == .out)
    #expect(printer.uncutRows == 2)
    let rest = papers(printer.set(paper: .ok))
    #expect(rest.first?.picture.rows == 3)
  }

  @Test func `held answers go out in order when released`() {
    var printer = PrinterSimulator()
    _ = printer.set(holding: true)
    #expect(printer.receive(Slip.ask(1) + Slip.ask(4)) == [])
    #expect(printer.answerWaits)
    #expect(answers(printer.set(holding: false)) == [0x12, 0x12])
    #expect(!printer.answerWaits)
  }

  @Test func `a closed line takes its held answers and its unfinished command with it`() {
    var printer = PrinterSimulator()
    _ = printer.set(holding: true)
    _ = printer.receive(Slip.ask(1) + Array(Slip.plain.prefix(12)))
    printer.lineClosed()
    #expect(printer.set(holding: false) == [])
    #expect(answers(printer.receive(Slip.ask(1))) == [0x12])
  }
}
