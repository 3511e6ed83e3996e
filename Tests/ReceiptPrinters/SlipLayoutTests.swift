// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import Testing

@testable import ReceiptPrinters

struct SlipLayoutTests {
  static let wide = PrinterModel.Paper(dots: 576, margin: 16)
  static let narrow = PrinterModel.Paper(dots: 384, margin: 12)

  @Test("The same slip is the same dots, drawn by another layout too")
  func repeats() {
    let layout = SlipLayout(paper: Self.wide)
    let first = layout.bitmap(of: SampleSlips.chinese)
    #expect(layout.bitmap(of: SampleSlips.chinese) == first)
    #expect(SlipLayout(paper: Self.wide).bitmap(of: SampleSlips.chinese) == first)
  }

  @Test("Nothing is drawn in the margins", arguments: [wide, narrow])
  func margins(paper: PrinterModel.Paper) {
    let endless = String(repeating: "没有标点的一句话", count: 40)
    let word = String(repeating: "Donaudampfschiff", count: 20)
    let numbers = String(repeating: "0512-0000 0120 ", count: 20) + "1"
    let hard = Slip(blocks: [
      .site(above: endless, name: word, below: "x"), .title(word, state: endless),
      .number(caption: word, lines: [word]), .claim(caption: endless, code: "7KQ4-M2XD"),
      .facts([SlipFact(term: word, text: numbers), SlipFact(term: endless, text: word)]),
      .boxed(word), .numbered([numbers, "（" + endless + "）"]), .closing(word),
      .codes([SlipCode(payload: SampleSlips.address, caption: word)]),
    ])
    for slip in [SampleSlips.chinese, SampleSlips.english, hard] {
      let bitmap = SlipLayout(paper: paper).bitmap(of: slip)
      #expect(bitmap.width == paper.dots)
      // Italic or bracket ink may lean over its advance by a dot or two.
      #expect(Ink(bitmap).left >= paper.margin - 3)
      #expect(Ink(bitmap).right <= paper.dots - paper.margin + 2)
    }
  }

  @Test("A dot is black from the threshold on, the leftmost in the highest bit")
  func threshold() {
    let coverage: [UInt8] = [91, 92, 255, 0, 128, 127, 1, 200]
    var bitmap = SlipBitmap(width: 8)
    bitmap.append(coverage: coverage, stride: 8, rows: 1, threshold: 92)
    #expect(bitmap.rows == [0b0110_1101])
    #expect(bitmap[1, 0] && !bitmap[0, 0] && bitmap[7, 0])
  }

  @Test(
    "Both codes of a slip are read back by zbar", .enabled(if: Zbar.isInstalled),
    arguments: [wide, narrow])
  func codes(paper: PrinterModel.Paper) throws {
    let bitmap = SlipLayout(paper: paper).bitmap(of: SampleSlips.chinese)
    #expect(try Zbar.read(bitmap) == [SampleSlips.address, SampleSlips.rating])
  }

  @Test("A payload that no code can hold is left out, the rest is drawn")
  func oversizedCode() {
    let codes = [SlipCode(payload: String(repeating: "a", count: 3000), caption: "x")]
    let layout = SlipLayout(paper: Self.wide)
    let with = layout.bitmap(of: Slip(blocks: [.boxed("甲"), .codes(codes)]))
    #expect(with == layout.bitmap(of: Slip(blocks: [.boxed("甲")])))
  }

  @Test("Rare characters have a glyph", arguments: ["𠮷", "㼆", "·", "王", "é"])
  func rareCharacters(character: String) {
    let face = Typeface(.sans, 26, lineHeight: 1.4)
    #expect(Typesetter().set(character, face).unknownCharacters == 0)
    let layout = SlipLayout(paper: Self.wide)
    let bitmap = layout.bitmap(of: SampleSlips.fact(character))
    #expect(bitmap != layout.bitmap(of: SampleSlips.fact(" ")))
  }

  @Test("A character that no font has is a box of its own, not a blank")
  func unknownCharacters() {
    let face = Typeface(.sans, 26, lineHeight: 1.4)
    #expect(Typesetter().set("\u{E000}", face).unknownCharacters == 1)
    let layout = SlipLayout(paper: Self.wide)
    let one = layout.bitmap(of: SampleSlips.fact("\u{E000}"))
    #expect(one != layout.bitmap(of: SampleSlips.fact(" ")))
    #expect(one != layout.bitmap(of: SampleSlips.fact("\u{E001}")))
  }

  @Test("An English sentence wraps between words")
  func wordWrap() {
    let face = Typeface(.sans, 26, lineHeight: 1.4)
    let typesetter = Typesetter()
    let word = typesetter.set("counter", face).width
    let lines = typesetter.set("counter counter counter", face, width: word * 2)
    #expect(lines.lineCount == 3)
    #expect(lines.width <= word + 12)
  }

  @Test("Telephone numbers, dates with times and short remarks stay in one line")
  func unbreakable() {
    let text = "拨打 0512-0000 0120、12345（时间已校准） 2026-11-21 03:12"
    let units = Typesetter.units(text).map { String(text[$0]) }
    #expect(units == ["0512-0000 0120", "（时间已校准）", "2026-11-21 03:12"])
  }

  @Test("A slip longer than one strip has no seam and no end")
  func long() {
    let layout = SlipLayout(paper: Self.wide)
    let sentence = "申请已加密保存在本机。"
    let ten = layout.bitmap(of: Slip(blocks: (0..<10).map { _ in .boxed(sentence) }))
    let hundred = layout.bitmap(of: Slip(blocks: (0..<100).map { _ in .boxed(sentence) }))
    let box = (hundred.height - ten.height) / 90
    for index in [1, 42, 99] {
      let top = 16 + index * box
      #expect(hundred.bytes(rows: top..<top + box) == ten.bytes(rows: 16..<16 + box))
    }
  }

  @Test("A QR code's rows are square and begin with a finder pattern")
  func qrRows() throws {
    let rows = try #require(QRCode.rows(SampleSlips.address))
    #expect(rows.allSatisfy { $0.utf8.count == rows.count })
    #expect(rows[0].hasPrefix("11111110") && rows[1].hasPrefix("10000010"))
    #expect(QRCode.rows("") == nil)
    #expect(QRCode.rows(String(repeating: "a", count: 2332)) == nil)
  }
}
