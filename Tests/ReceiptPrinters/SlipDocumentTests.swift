// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import Testing

@testable import ReceiptPrinters
@testable import nightdesk_escpos

struct SlipDocumentTests {
  static let job = SlipJob(chance: (0..<16).map { $0 * 17 })

  @Test("What the driver frames, the filter takes apart, band for band")
  func framing() throws {
    let bitmap = SlipLayout(paper: SlipLayoutTests.wide).bitmap(of: SampleSlips.chinese)
    let document = SlipDocument(job: Self.job, bitmap: bitmap)
    let file = try #require(SlipFile(document.bytes))
    #expect(file.job.text == Self.job.description)
    #expect(file.bands == document.bands)
    #expect(document.bands.allSatisfy { $0.count <= SlipFile.largestBand })
  }

  @Test("A printer that executes the bands has the slip on paper, dot for dot")
  func roundTrip() {
    let bitmap = SlipLayout(paper: SlipLayoutTests.wide).bitmap(of: SampleSlips.chinese)
    let document = SlipDocument(job: Self.job, bitmap: bitmap)
    var printer = PrinterModelInMemory()
    for band in document.bands { printer.receive(band) }
    let isWhole = printer.papers == [bitmap.rows]
    #expect(isWhole)
    #expect(printer.unknownCommands == 0)
  }

  @Test("A question is a document without bands")
  func question() throws {
    let file = try #require(SlipFile(SlipDocument(questionFor: Self.job).bytes))
    #expect(file.bands.isEmpty)
  }

  @Test("A document with a byte too few, too many or wrong is no document")
  func damaged() {
    let bitmap = SlipLayout(paper: SlipLayoutTests.narrow).bitmap(of: SampleSlips.fact("甲"))
    let good = SlipDocument(job: Self.job, bitmap: bitmap).bytes
    #expect(SlipFile(good) != nil)
    #expect(SlipFile(Array(good.dropLast())) == nil)
    #expect(SlipFile(good + [0]) == nil)
    #expect(SlipFile(good + [0, 0, 0, 0]) == nil)
    #expect(SlipFile(good + [0, 0, 0x40, 0] + [UInt8](repeating: 0, count: 0x4000)) == nil)
    #expect(SlipFile([0x4E, 0x58] + good.dropFirst(2)) == nil)
    var capital = good
    capital[10] = UInt8(ascii: "A")
    #expect(SlipFile(capital) == nil)
    #expect(SlipFile([]) == nil)
  }
}
