// SPDX-License-Identifier: Apache-2.0

import DeviceLinks
import Testing

@testable import CardReaders

@Suite("SDT frames")
struct SDTFrameTests {
  @Test(
    "requests are the published bytes",
    arguments: [
      (SDTRequest.reset, "AAAAAA9669 0003 10FF EC"),
      (.moduleState, "AAAAAA9669 0003 11FF ED"),
      (.moduleNumber, "AAAAAA9669 0003 12FF EE"),
      (.find, "AAAAAA9669 0003 2001 22"),
      (.select, "AAAAAA9669 0003 2002 21"),
      (.read, "AAAAAA9669 0003 3001 32"),
      (.readAddress, "AAAAAA9669 0003 3003 30"),
      (.setRate(.baud115200), "AAAAAA9669 0003 6000 63"),
      (.setRate(.baud57600), "AAAAAA9669 0003 6001 62"),
      (.setRate(.baud38400), "AAAAAA9669 0003 6002 61"),
      (.setRate(.baud19200), "AAAAAA9669 0003 6003 60"),
      (.setRate(.baud9600), "AAAAAA9669 0003 6004 67"),
      (SDTRequest(0x30, 0x10, .success, 17...2310), "AAAAAA9669 0003 3010 23"),
    ])
  func requests(request: SDTRequest, bytes: String) {
    #expect(request.frame == hex(bytes))
  }

  static let published: [(String, SDTStatus.Meaning, Int)] = [
    ("AAAAAA9669 0004 000090 94", .success, 0),
    ("AAAAAA9669 0008 00009F 00000000 97", .found, 4),
    ("AAAAAA9669 000C 000090 0000000000000000 9C", .success, 8),
    ("AAAAAA9669 0004 000080 84", .noCard, 0),
    ("AAAAAA9669 0004 000081 85", .selectFailed, 0),
    ("AAAAAA9669 0004 000041 45", .readFailed, 0),
    ("AAAAAA9669 0004 000031 35", .cardRefusedModule, 0),
    ("AAAAAA9669 0004 000032 36", .moduleRefusedCard, 0),
    ("AAAAAA9669 0014 000090 05000100 09B83201 05BE1200 ADC5B111 63", .success, 16),
  ]

  @Test("the published replies are understood", arguments: published)
  func replies(bytes: String, meaning: SDTStatus.Meaning, count: Int) throws {
    var decoder = SDTDecoder()
    let results = decoder.take(hex(bytes))
    let reply = try #require(results.first).get()
    #expect(results.count == 1)
    #expect(reply.status.meaning == meaning)
    #expect(reply.data.count == count)
  }

  @Test("a base read is a frame of 1,295 bytes with the published head")
  func baseRead() throws {
    let bytes = frame([0, 0, 0x90], Specimen.readData(Specimen.block(Specimen.first)))
    #expect(bytes.count == 1295)
    #expect(bytes.starts(with: hex("AAAAAA9669 0508 000090 0100 0400")))
    var decoder = SDTDecoder()
    #expect(try decoder.take(bytes).map { try $0.get().data.count } == [1284])
  }

  @Test("replies come out whole from pieces of any size", arguments: [1, 2, 7, 64, 1000, 4096])
  func pieces(size: Int) throws {
    let read = frame([0, 0, 0x90], Specimen.readData(Specimen.block(Specimen.second)))
    let stream = Self.published.flatMap { hex($0.0) } + read + hex("AAAAAA9669 0004 000080 84")
    var decoder = SDTDecoder()
    var replies: [SDTReply] = []
    for start in stride(from: 0, to: stream.count, by: size) {
      let piece = stream[start..<min(start + size, stream.count)]
      replies += try decoder.take(piece).map { try $0.get() }
    }
    #expect(replies.count == Self.published.count + 2)
    #expect(replies.last?.status.meaning == .noCard)
    #expect(replies.dropLast().last?.data == Array(read[10..<1294]))
  }

  @Test("any other three status bytes are kept, named by no meaning")
  func unknownStatus() throws {
    var decoder = SDTDecoder()
    let reply = try #require(decoder.take(frame([0x12, 0x34, 0x56])).first).get()
    #expect(reply.status == SDTStatus(0x12, 0x34, 0x56))
    #expect(reply.status.meaning == nil)
  }

  @Test("each status of the table has its meaning and somebody to do something about it")
  func statuses() {
    let table: [(SDTStatus.Blame, [UInt8])] = [
      (.nobody, [0x90, 0x9F, 0x80, 0x91]),
      (.card, [0x31, 0x32, 0x33, 0x37, 0x3F, 0x40, 0x41, 0x47, 0x81]),
      (.line, [0x10, 0x11, 0x24]), (.model, [0x21]), (.module, [0x60]), (.authority, [0x23, 0x66]),
    ]
    #expect(table.flatMap { $0.1 }.count == SDTStatus.Meaning.allCases.count)
    for (blame, codes) in table {
      for code in codes {
        #expect(SDTStatus(0x69, 0x88, code).meaning != nil)
        #expect(SDTStatus(0x69, 0x88, code).blame == blame)
      }
    }
    #expect(SDTStatus(0, 0, 0x56).blame == .line)
  }

  @Test("a success is an answer only to the request it fits")
  func answers() {
    let found = SDTReply(status: SDTStatus(0, 0, 0x9F), data: [1, 2, 3, 4])
    let selected = SDTReply(status: SDTStatus(0, 0, 0x90), data: [0, 0, 0, 0, 0, 0, 0, 1])
    let failed = SDTReply(status: SDTStatus(0, 0, 0x41), data: [])
    #expect(SDTRequest.find.isAnswered(by: found))
    #expect(!SDTRequest.select.isAnswered(by: found))
    #expect(SDTRequest.select.isAnswered(by: selected))
    #expect(!SDTRequest.find.isAnswered(by: selected))
    #expect(!SDTRequest.read.isAnswered(by: selected))
    #expect(SDTRequest.read.isAnswered(by: failed))
  }
}

@Suite("Damaged SDT frames")
struct SDTDamageTests {
  private let good = hex("AAAAAA9669 0008 00009F 00000000 97")

  private func outcomes(_ bytes: [UInt8]) -> [Result<SDTReply, SDTFrameFault>] {
    var decoder = SDTDecoder()
    return decoder.take(bytes)
  }

  @Test(
    "noise before a frame is passed over",
    arguments: ["00", "AA", "AAAA", "AAAAAA", "AAAAAA96", "0011223344", "AAAAAA9600", "96 69 AA 00"])
  func noise(bytes: String) throws {
    let results = outcomes(hex(bytes) + good)
    #expect(try results.map { try $0.get().status.meaning } == [.found])
  }

  @Test("a wrong checksum is a fault, and the next frame is found")
  func checksum() throws {
    let results = outcomes(Array(good.dropLast()) + [0x96] + good)
    #expect(results.first == .failure(.checksum))
    #expect(try #require(results.last).get().status.meaning == .found)
    #expect(results.count == 2)
  }

  @Test("each single wrong bit of length, status, data or check is noticed")
  func everyBit() {
    for bit in 5 * 8..<good.count * 8 {
      var bytes = good
      bytes[bit / 8] ^= 1 << (bit % 8)
      let replies = outcomes(bytes).compactMap { try? $0.get() }
      #expect(replies.isEmpty, "bit \(bit)")
    }
  }

  @Test("an impossible length is a fault at once, and the next frame is found")
  func length() throws {
    for (bytes, length) in [("0003 000090", 3), ("090B 000090", 2315), ("FFFF 000090", 65535)] {
      let results = outcomes(hex("AAAAAA9669" + bytes) + good)
      #expect(results.first == .failure(.length(length)))
      #expect(try #require(results.last).get().status.meaning == .found)
    }
  }

  @Test("a frame that promises more than comes swallows no whole frame behind it for good")
  func longerThanSent() throws {
    let cut = hex("AAAAAA9669 0012 000090 0000")
    let results = outcomes(cut + good)
    #expect(results.first == .failure(.checksum))
    #expect(try #require(results.last).get().status.meaning == .found)
  }

  @Test("a displaced byte in the preamble loses that frame only")
  func displaced() throws {
    let results = outcomes(hex("AA00AAAA9669 000C 000090 0000000000000000 9C") + good)
    #expect(try results.map { try $0.get().status.meaning } == [.found])
  }

  @Test("every cut of a stream with good and bad frames gives the same outcomes")
  func cuts() {
    let bad = Array(good.dropLast()) + [0x96]
    let noise = hex("AA 00 FF AAAAAA9669 FFFF")
    let read = frame([0, 0, 0x90], Specimen.readData(Specimen.block(Specimen.permit)))
    let stream = noise + good + bad + read.prefix(300) + read + noise + bad + good
    let whole = outcomes(stream)
    #expect(whole.count { (try? $0.get()) != nil } >= 3)
    for cut in stream.indices {
      var decoder = SDTDecoder()
      let pieces = decoder.take(stream[..<cut]) + decoder.take(stream[cut...])
      #expect(pieces == whole, "cut at \(cut)")
    }
  }

  @Test("any bytes at all, in pieces of any size, are survived, and a good frame is found behind them")
  func anyBytes() {
    var noise = Noise(seed: 5)
    for _ in 0..<300 {
      var decoder = SDTDecoder()
      for _ in 0..<20 {
        let count = Int(noise.next()) * 3
        // Many beginnings of frames among them.
        let bytes = (0..<count).map { _ in noise.next() }
        _ = decoder.take(noise.next() < 128 ? hex("AAAAAA9669") + bytes : bytes)
      }
      // Longer than any frame that may still be open.
      let rest = [UInt8](repeating: 0, count: 2400)
      let results = decoder.take(rest) + decoder.take(good)
      #expect(results.last == .success(SDTReply(status: SDTStatus(0, 0, 0x9F), data: [0, 0, 0, 0])))
    }
  }

  @Test("bytes without any frame leave nothing behind")
  func flood() {
    var decoder = SDTDecoder()
    for _ in 0..<1000 { #expect(decoder.take([UInt8](repeating: 0x55, count: 100)).isEmpty) }
    #expect(decoder.take(good).count == 1)
  }
}
