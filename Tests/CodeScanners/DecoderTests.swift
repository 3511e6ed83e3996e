// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CodeScanners

private func code(_ text: String) -> Decoded { .code(Array(text.utf8)) }

@Suite("Plain bytes become codes")
struct LineDecoderTests {
  @Test(
    "whatever stands behind each code, and in whatever pieces",
    arguments: ["\r", "\n", "\r\n", "\n\r\n"])
  func suffixes(suffix: String) {
    let bytes = Array("one\(suffix)zwei 二\(suffix)".utf8)
    for size in 1...bytes.count {
      var decoder = LineDecoder(longest: 100)
      let decoded = stride(from: 0, to: bytes.count, by: size).flatMap {
        decoder.take(Array(bytes[$0..<min($0 + size, bytes.count)]))
      }
      #expect(decoded == [code("one"), code("zwei 二")])
      #expect(!decoder.isPartial)
    }
  }

  @Test("silence ends a code without a suffix, and makes none of nothing")
  func silence() {
    var decoder = LineDecoder(longest: 100)
    #expect(decoder.fellSilent() == [])
    #expect(decoder.take([0x41]) == [])
    #expect(decoder.isPartial)
    #expect(decoder.fellSilent() == [code("A")])
    #expect(decoder.fellSilent() == [])
  }

  @Test("too much is said once, its rest is dropped, and the next code is whole")
  func tooLong() {
    var decoder = LineDecoder(longest: 16)
    let flood = [UInt8](repeating: 0x38, count: 10_000)
    #expect(decoder.take(flood) + decoder.take(flood) == [.tooLong])
    #expect(decoder.take([13] + Array("next".utf8) + [13]) == [code("next")])
    #expect(decoder.take([UInt8](repeating: 0x38, count: 16) + [13]).count == 1)
  }
}

@Suite("Key presses become codes")
struct KeyDecoderTests {
  private let all = ##" !"#$%&'()*+,-./0123456789:;<=>?@ABCXYZ[\]^_`abcxyz{|}~"##

  @Test("every character of a US keyboard, with shift, ended by Enter", arguments: [1, 7, 24, 4096])
  func characters(size: Int) {
    let bytes = Typing.text(all) + Typing.enter
    var decoder = KeyDecoder(longest: 200)
    let decoded = stride(from: 0, to: bytes.count, by: size).flatMap {
      decoder.take(Array(bytes[$0..<min($0 + size, bytes.count)]))
    }
    #expect(decoded == [code(all)])
    #expect(!decoder.isPartial)
  }

  @Test("keypad digits, its Enter, and Tab")
  func keypad() {
    var decoder = KeyDecoder(longest: 200)
    let digits = [82, 79, 80, 81, 75, 76, 77, 71, 72, 73].flatMap { Typing.key($0) }
    #expect(decoder.take(digits + Typing.key(96)) == [code("0123456789")])
    #expect(decoder.take(Typing.text("a") + Typing.key(15)) == [code("a")])
  }

  @Test("silence ends a code, and a held key types once")
  func silence() {
    var decoder = KeyDecoder(longest: 200)
    let held = Typing.event(1, 30, 1) + Typing.event(1, 30, 2) + Typing.event(1, 30, 2)
    #expect(decoder.take(held) == [])
    #expect(decoder.isPartial)
    #expect(decoder.fellSilent() == [code("a")])
    #expect(decoder.take(Typing.enter) == [])
  }

  @Test(
    "a key that is no text, a chord and lost events spoil the code, never the next one",
    arguments: [
      Typing.key(59), Typing.event(1, 29, 1) + Typing.key(27) + Typing.event(1, 29, 0),
      Typing.event(0, 3, 0), Typing.key(700),
    ])
  func spoilt(keys: [UInt8]) {
    var decoder = KeyDecoder(longest: 200)
    #expect(decoder.take(Typing.text("ab") + keys + Typing.text("cd") + Typing.enter) == [.garbled])
    #expect(decoder.take(Typing.text("Ef") + Typing.enter) == [code("Ef")])
  }

  @Test("lost events forget a shift that was held, since its release may be among them")
  func lostShift() {
    var decoder = KeyDecoder(longest: 200)
    #expect(decoder.take(Typing.event(1, 42, 1) + Typing.event(0, 3, 0) + Typing.enter) == [.garbled])
    #expect(decoder.take(Typing.text("ab") + Typing.enter) == [code("ab")])
  }
}

@Suite("HID POS reports become codes")
struct ReportDecoderTests {
  /// 64 bytes as in the manual of the facts: number, length, kind, data, maker's kind.
  private func report(_ text: String, more: Bool = false, late: Bool = false) -> [UInt8] {
    let kind: [UInt8] = (late ? [0] : []) + Array("]Q1".utf8)
    let head = [2, UInt8(text.utf8.count)] + kind + Array(text.utf8)
    return (head + [UInt8](repeating: 0, count: 64 - head.count)).prefix(63) + [more ? 1 : 0]
  }

  private let sample = "M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23ABCDEFG"

  @Test("a code over two reports, 56 characters and the rest")
  func twoReports() {
    var decoder = ReportDecoder(descriptor: [], longest: 4096)
    #expect(decoder.take(report(String(sample.prefix(56)), more: true)) == [])
    #expect(decoder.isPartial)
    #expect(decoder.take(report(String(sample.dropFirst(56)))) == [code(sample)])
    #expect(!decoder.isPartial)
  }

  @Test("the ] may be one byte late, and a carriage return behind the code goes")
  func quirks() {
    var decoder = ReportDecoder(descriptor: [], longest: 4096)
    #expect(decoder.take(report("late\r", late: true)) == [code("late")])
    #expect(decoder.take(report("early\r\n")) == [code("early")])
    #expect(decoder.take(report("\r")) == [])
  }

  @Test("a report that says more than it holds, or whose next one never comes, is garbled")
  func garbled() {
    var decoder = ReportDecoder(descriptor: [], longest: 4096)
    var wrong = report("a")
    wrong[1] = 57
    #expect(decoder.take(wrong) == [.garbled])
    #expect(decoder.take([2, 5, 0x5D]) == [.garbled])
    #expect(decoder.take([2]) == [.garbled])
    #expect(decoder.take([]) == [])
    #expect(decoder.take(report("half", more: true)) == [])
    #expect(decoder.fellSilent() == [.garbled])
    #expect(decoder.take(report("whole")) == [code("whole")])
    #expect(decoder.take([7] + report("other number").dropFirst()) == [])
  }

  @Test("reports without end are cut off")
  func endless() {
    var decoder = ReportDecoder(descriptor: [], longest: 200)
    let full = report(String(repeating: "8", count: 56), more: true)
    let decoded = (0..<100).flatMap { _ in decoder.take(full) }
    #expect(decoded == [.tooLong])
  }

  /// Usage page 8C, scanner; report 5: byte count, three of kind, 20 of data, a bit for more
  /// with seven of padding. A trigger in report 6.
  private static let descriptor: [UInt8] = [
    0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x05, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x01,
    0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x95, 0x03, 0x81,
    0x02,
    0x09, 0xFE, 0x95, 0x14, 0x82, 0x02, 0x01, 0x09, 0xFF, 0x75, 0x01, 0x95, 0x01, 0x81, 0x02, 0x95, 0x07,
    0x81, 0x03, 0x85, 0x06, 0x09, 0x14, 0x75, 0x08, 0x95, 0x02, 0x81, 0x02, 0xC0,
  ]

  @Test("where the descriptor says where the data are, it is believed")
  func described() throws {
    let fields = try #require(ReportDescriptor(Self.descriptor)).inputs
    #expect(fields.map(\.bit) == [0, 8, 32, 192, 193, 0])
    var decoder = ReportDecoder(descriptor: Self.descriptor, longest: 4096)
    let full = [5, 20] + Array("]Q0".utf8) + Array("01234567890123456789".utf8) + [1]
    let rest = [5, 3] + Array("]Q0".utf8) + Array("abcXXXXXXXXXXXXXXXXX".utf8) + [0]
    #expect(decoder.take(full) == [])
    #expect(decoder.take([6, 1, 1]) == [])
    #expect(decoder.take(rest) == [code("01234567890123456789abc")])
  }

  /// Found by the fuzz target: data first, then the count, and a report that ends between.
  @Test("a report that ends before its count is garbled")
  func countBehind() {
    let descriptor: [UInt8] = [
      0x75, 0x08, 0x95, 0x04, 0x05, 0x8C, 0x09, 0xFE, 0x81, 0x02, 0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81,
      0x02,
    ]
    var decoder = ReportDecoder(descriptor: descriptor, longest: 100)
    #expect(decoder.take([0x41, 0x42, 0x43]) == [.garbled])
    #expect(decoder.take([0x41, 0x42, 0x43, 0x44, 2]) == [.code([0x41, 0x42])])
  }

  @Test("without numbers and without a count, zeros behind the data are padding")
  func plain() {
    let descriptor: [UInt8] = [
      0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x75, 0x08, 0x95, 0x08, 0x09, 0xFE, 0x81, 0x02, 0xC0,
    ]
    var decoder = ReportDecoder(descriptor: descriptor, longest: 4096)
    #expect(decoder.take(Array("abc".utf8) + [0, 0, 0, 0, 0]) == [code("abc")])
    #expect(decoder.take([0, 0, 0, 0, 0, 0, 0, 0]) == [])
  }

  @Test(
    "a descriptor that cannot be is none",
    arguments: [
      [0x05], [0x85, 0x00], [0xB4], [0xFE, 0xFF], [0x29, 0x01],
      [0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 0x02],
      [UInt8](repeating: 0xA4, count: 17), [UInt8](repeating: 0, count: 4097),
    ])
  func badDescriptor(bytes: [UInt8]) {
    #expect(ReportDescriptor(bytes) == nil)
  }

  @Test("a range of usages that would fill the memory does not")
  func wideRange() throws {
    let bytes: [UInt8] = [
      0x1B, 0, 0, 0, 0, 0x2B, 0xFF, 0xFF, 0xFF, 0xFF, 0x75, 0x08, 0x95, 0x01, 0x81, 0x02,
    ]
    #expect(try #require(ReportDescriptor(bytes)).inputs.first?.usages.count == 256)
  }
}
