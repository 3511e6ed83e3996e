// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulators

struct ReaderSimulatorTests {
  private func readerWithCard() -> ReaderSimulator {
    var reader = ReaderSimulator()
    reader.put(.sample)
    return reader
  }

  @Test func `an empty reader finds no card and selects and reads none`() {
    var reader = ReaderSimulator()
    #expect(reader.receive(Requests.find) == Answers.noCard)
    #expect(reader.receive(Requests.select) == Answers.notSelected)
    #expect(reader.receive(Requests.read) == Answers.readFailed)
  }

  @Test func `find, select and read give the card in 1295 bytes`() {
    var reader = readerWithCard()
    #expect(reader.receive(Requests.find) == Answers.found)
    #expect(reader.receive(Requests.select) == Answers.selected)
    let answer = reader.receive(Requests.read)
    #expect(answer.count == 1295)
    #expect(
      answer.prefix(14) == [
        0xAA, 0xAA, 0xAA, 0x96, 0x69, 0x05, 0x08, 0, 0, 0x90, 0x01, 0x00, 0x04, 0x00,
      ])
    #expect(answer[5..<1294].reduce(0, ^) == answer[1294])
  }

  @Test func `the text block holds each field at its place, padded with spaces`() {
    let block = SimulatedCard.sample.textBlock
    #expect(block.count == 256)
    let units = stride(from: 0, to: 256, by: 2)
      .map { UInt16(block[$0]) | UInt16(block[$0 + 1]) << 8 }
    func field(_ from: Int, _ length: Int) -> String {
      String(decoding: units[from / 2..<(from + length) / 2], as: UTF16.self)
    }
    #expect(field(0, 30) == "王秀兰" + String(repeating: " ", count: 12))
    #expect(field(30, 6) == "201")
    #expect(field(36, 16) == "19491231")
    #expect(field(122, 36) == "11010519491231002X")
    #expect(field(188, 32) == "20100101长期      ")
    #expect(field(220, 36) == String(repeating: " ", count: 18))
  }

  @Test func `the photo is 1024 bytes of noise after a true head`() {
    let photo = SimulatedCard.sample.photoBlock
    #expect(photo.count == 1024)
    #expect(photo.prefix(6) == [0x57, 0x4C, 0x66, 0x00, 0x7E, 0x00])
    #expect(Set(photo).count > 100)
  }

  @Test func `a field longer than its place is named`() {
    var card = SimulatedCard.sample
    card.name = String(repeating: "长", count: 16)
    #expect(card.tooLong == ["name"])
    #expect(card.textBlock.count == 256)
  }

  @Test func `a read needs a select and a select needs a find`() {
    var reader = readerWithCard()
    #expect(reader.receive(Requests.select) == Answers.notSelected)
    #expect(reader.receive(Requests.find) == Answers.found)
    #expect(reader.receive(Requests.read) == Answers.readFailed)
  }

  @Test func `a card taken off is gone at once`() {
    var reader = readerWithCard()
    _ = reader.receive(Requests.find + Requests.select)
    reader.take()
    #expect(reader.receive(Requests.read) == Answers.readFailed)
    #expect(reader.receive(Requests.find) == Answers.noCard)
  }

  @Test func `firmware may find a card that was read again, or not`() {
    var reader = readerWithCard()
    _ = reader.receive(Requests.find + Requests.select + Requests.read)
    #expect(reader.receive(Requests.find) == Answers.found)
    _ = reader.receive(Requests.select + Requests.read)
    reader.findsReadCardAgain = false
    #expect(reader.receive(Requests.find) == Answers.noCard)
    #expect(reader.receive(Requests.address).dropFirst(9).first == 0x91)
  }

  @Test func `the additional address is given where the card has one`() {
    var card = SimulatedCard.sample
    card.additionalAddress = "平澜路18号"
    var reader = ReaderSimulator()
    reader.put(card)
    let answer = reader.receive(Requests.find + Requests.select + Requests.address).suffix(81)
    #expect(answer.dropFirst(9).first == 0x90)
    #expect(answer.dropFirst(10).dropLast().count == 70)
  }

  @Test func `the module tells its published id`() {
    var reader = ReaderSimulator()
    #expect(
      reader.receive(Requests.moduleID) == Requests.preamble + [
        0x00, 0x14, 0x00, 0x00, 0x90, 0x05, 0x00, 0x01, 0x00, 0x09, 0xB8, 0x32, 0x01, 0x05, 0xBE,
        0x12, 0x00, 0xAD, 0xC5, 0xB1, 0x11, 0x63,
      ])
  }

  private static let refused: [([UInt8], UInt8)] = [
    // wrong check byte, as one public sample has it
    (Requests.preamble + [0x00, 0x03, 0x20, 0x01, 0x21], 0x10),
    // length that no request has
    (Requests.preamble + [0x00, 0x02], 0x11),
    // fingerprints: not for a terminal
    (Requests.preamble + [0x00, 0x03, 0x30, 0x10, 0x23], 0x21),
    // firmware update: never
    (Requests.preamble + [0x00, 0x03, 0x80, 0x20, 0xA3], 0x21),
  ]

  @Test(arguments: refused)
  func `a broken or foreign request gets its status`(request: [UInt8], status: UInt8) {
    var reader = readerWithCard()
    #expect(reader.receive(request).dropFirst(9).first == status)
    #expect(reader.receive(Requests.find) == Answers.found)
  }

  @Test func `requests are understood byte by byte and after noise`() {
    var reader = readerWithCard()
    let bytes = [0x00, 0xAA, 0xAA] + Requests.find
    #expect(bytes.flatMap { reader.receive([$0]) } == Answers.found)
  }

  @Test func `a request that breaks off is forgotten when the line falls silent`() {
    var reader = readerWithCard()
    _ = reader.receive(Array(Requests.find.prefix(8)))
    #expect(reader.isPartial)
    reader.lineFellSilent()
    #expect(!reader.isPartial)
    #expect(reader.receive(Requests.find) == Answers.found)
  }

  private static let spoilt: [(ReaderFault.Kind, [UInt8])] = [
    (.badChecksum, Answers.found.dropLast() + [0x68]),
    (.shortAnswer, Array(Answers.found.prefix(7))),
    (.garbageFirst, [0x00, 0xAA, 0xAA, 0x17, 0x96, 0x69] + Answers.found),
    (.silence, []),
    (.repeated, Answers.found + Answers.found),
    (.split, Answers.found),
    (.endless, Answers.found),
    (.status, Answers.readFailed),
  ]

  @Test(arguments: spoilt)
  func `a fault spoils one answer and no more`(kind: ReaderFault.Kind, spoilt: [UInt8]) {
    var reader = readerWithCard()
    reader.fail(ReaderFault(kind))
    #expect(reader.receive(Requests.find) == spoilt)
    #expect(reader.receive(Requests.find) == Answers.found)
  }

  @Test func `a fault waits for the request it is meant for`() {
    var reader = readerWithCard()
    reader.fail(ReaderFault(.silence, on: .select))
    #expect(reader.receive(Requests.find) == Answers.found)
    #expect(reader.receive(Requests.select) == [])
  }

  @Test func `after a failed read the card must be put on again`() {
    var reader = readerWithCard()
    reader.fail(ReaderFault(.readFails))
    _ = reader.receive(Requests.find + Requests.select)
    #expect(reader.receive(Requests.read) == Answers.readFailed)
    #expect(reader.receive(Requests.find) == Answers.found)
    #expect(reader.receive(Requests.select) == Answers.notSelected)
    reader.take()
    reader.put(.sample)
    #expect(reader.receive(Requests.find + Requests.select + Requests.read).count > 1295)
  }

  @Test func `each kind of card has its letter and its fields at their places`() {
    func field(_ card: SimulatedCard, _ from: Int, _ length: Int) -> String {
      let block = card.textBlock
      #expect(block.count == 256)
      let units = stride(from: from, to: from + length, by: 2)
        .map { UInt16(block[$0]) | UInt16(block[$0 + 1]) << 8 }
      return String(decoding: units, as: UTF16.self)
    }
    for card in [SimulatedCard.sample, .permit, .foreigner2017, .foreigner2023] {
      #expect(field(card, 248, 2) == (card.kind == .resident ? " " : card.kind.rawValue))
      #expect(card.tooLong.isEmpty)
    }
    #expect(field(.permit, 220, 22) == "H1234567801")
    #expect(field(.foreigner2017, 120, 32) == "2GBR310081080301")
    #expect(field(.foreigner2023, 220, 28).hasSuffix("CAN"))
    var long = SimulatedCard.foreigner2023
    long.nameEnglish = String(repeating: "N", count: 47)
    #expect(long.tooLong == ["nameEnglish"])
  }

  @Test(arguments: [(nil, 1295), (0, 1297), (512, 1809), (1024, 2321)])
  func `fingerprints come with a read where they are set`(bytes: Int?, size: Int) {
    var reader = readerWithCard()
    reader.fingerprintBytes = bytes
    _ = reader.receive(Requests.find + Requests.select)
    let answer = reader.receive(Requests.read)
    #expect(answer.count == size)
    #expect(answer[5..<size - 1].reduce(0, ^) == answer[size - 1])
  }

  @Test func `wrong inner lengths keep a right check, and fit reads only`() {
    var reader = readerWithCard()
    reader.fail(ReaderFault(.badInnerLength))
    #expect(reader.receive(Requests.find) == Answers.found)
    _ = reader.receive(Requests.select)
    let answer = reader.receive(Requests.read)
    #expect(answer[10..<14].elementsEqual([1, 1, 4, 0]))
    #expect(answer[5..<1294].reduce(0, ^) == answer[1294])
  }

  @Test func `a status of choice to a read spends the card, as a failed read does`() {
    var reader = readerWithCard()
    reader.fail(ReaderFault(.status, on: .read, code: 0x32))
    _ = reader.receive(Requests.find + Requests.select)
    #expect(reader.receive(Requests.read).dropFirst(9).first == 0x32)
    #expect(reader.receive(Requests.find + Requests.select) == Answers.found + Answers.notSelected)
  }

  @Test func `a reader may not know the newest address`() {
    var reader = readerWithCard()
    reader.knowsAddress = false
    #expect(reader.receive(Requests.address).dropFirst(9).first == 0x21)
  }

  @Test func `its speed follows the request until its power goes`() {
    var reader = ReaderSimulator()
    let ask = Requests.preamble + [0x00, 0x03, 0x60, 0x04, 0x67]
    #expect(reader.receive(ask).dropFirst(9).first == 0x90)
    #expect(reader.speed == 9600)
    reader.losePower()
    #expect(reader.speed == 115_200)
    #expect(reader.receive(Requests.preamble + [0x00, 0x03, 0x60, 0x05, 0x66]).dropFirst(9).first == 0x21)
  }
}
