// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Records
import Testing

@testable import CardReaders

@Suite("Scrubbing a recorded conversation")
struct SDTScrubberTests {
  private let read = frame([0, 0, 0x90], Specimen.readData(Specimen.block(Specimen.second)))

  private func scrubbed(_ request: SDTRequest, _ pieces: [[UInt8]]) -> [[UInt8]] {
    let events = [Exchange.Event.wrote(request.frame)] + pieces.map { .read($0) }
    let clean = SDTScrubber().scrub(events.map { Exchange(at: .zero, event: $0) })
    #expect(clean.first?.event == .wrote(request.frame))
    return clean.dropFirst().compactMap { exchange in
      guard case .read(let bytes) = exchange.event else { return nil }
      return bytes
    }
  }

  @Test("what is left can be decoded, is as long, and is nobody's", arguments: [1295, 64, 7, 1])
  func decodes(piece: Int) throws {
    let pieces = stride(from: 0, to: read.count, by: piece).map {
      Array(read[$0..<min($0 + piece, read.count)])
    }
    let clean = scrubbed(.read, pieces)
    #expect(clean.map(\.count) == pieces.map(\.count))
    var decoder = SDTDecoder()
    let replies = try decoder.take(clean.flatMap { $0 }).map { try $0.get() }
    let reply = try #require(replies.first)
    let resident = try CardRecord(reply.data).resident()
    #expect(resident.name == "样张样张样张".prefix(Specimen.second.name.utf16.count))
    #expect(resident.idNumber == Specimen.numbers[0])
    #expect(resident.address?.utf16.count == Specimen.second.address?.utf16.count)
    for field in [Specimen.second.name, Specimen.second.address, Specimen.second.birth] {
      #expect(![resident.name, resident.address, resident.birth].contains(field))
    }
    #expect(reply.data[260...].allSatisfy { $0 == 0 })
  }

  @Test(
    "no character of the card is left anywhere, in any layout",
    arguments: [0x20, 0x4A, 0x49, 0x59, 0x3F])
  func nothingLeft(kind: UInt16) throws {
    var block = (0..<128).flatMap { index -> [UInt8] in [UInt8(index), 0x56] }
    block.replaceSubrange(248..<250, with: [UInt8(kind), 0])
    let answer = frame([0, 0, 0x90], Specimen.readData(block))
    let clean = scrubbed(.read, [answer]).flatMap { $0 }
    #expect(clean.count == answer.count)
    for place in stride(from: 14, to: 14 + 256, by: 2) where place != 14 + 248 {
      #expect(clean[place + 1] != 0x56 || clean[place] == 0x26, "\(place)")
    }
    #expect(clean[14 + 248] == (kind == 0x3F ? 0x20 : UInt8(kind)))
    #expect(clean[5...].reduce(0, ^) == 0)
  }

  @Test("an answer that broke off, noise, and what nobody knows become zeros")
  func broken() {
    let half = Array(read.prefix(700))
    #expect(scrubbed(.read, [half]).flatMap { $0 }.allSatisfy { $0 == 0 })
    let odd = frame([0, 0, 0x90], [1, 2, 3, 4])
    #expect(scrubbed(.find, [[9, 9] + odd]).flatMap { $0 } == [0, 0] + frame([0, 0, 0x90], [0, 0, 0, 0]))
  }

  @Test("a frame with a wrong check keeps having one")
  func wrongCheck() {
    var bad = read
    bad[bad.count - 1] ^= 0x55
    let clean = scrubbed(.read, [bad]).flatMap { $0 }
    #expect(clean[5...].reduce(0, ^) != 0)
    #expect(clean.prefix(14) == read.prefix(14))
  }

  @Test("what says nothing of a person stays: status, and the module's own number")
  func harmless() {
    let number = frame([0, 0, 0x90], (0..<16).map { UInt8($0) })
    #expect(scrubbed(.moduleNumber, [number]) == [number])
    for status: UInt8 in [0x80, 0x81, 0x41, 0x91] {
      #expect(scrubbed(.find, [frame([0, 0, status])]) == [frame([0, 0, status])])
    }
  }

  @Test("the newest address is scrubbed too, and long validity stays what it is")
  func address() throws {
    let units = Array("江苏省苏州市某某路一号".utf16) + [UInt16](repeating: 0x20, count: 24)
    let answer = frame([0, 0, 0x90], units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
    let clean = scrubbed(.readAddress, [answer]).flatMap { $0 }
    #expect(clean.count == answer.count && clean != answer && clean[5...].reduce(0, ^) == 0)
    let open = frame([0, 0, 0x90], Specimen.readData(Specimen.block(Specimen.first)))
    var decoder = SDTDecoder()
    let reply = try #require(try decoder.take(scrubbed(.read, [open])[0]).first?.get())
    #expect(try CardRecord(reply.data).resident().validTo == "长期")
  }
}
