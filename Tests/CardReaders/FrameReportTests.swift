// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@testable import CardReaders

@Suite("What is said of frames to people")
struct FrameReportTests {
  private func lines(_ bytes: [UInt8], masked: Bool = false) -> [[String]] {
    FrameReport.all(in: bytes).map { report in
      report.facts.map { "\($0.key): \(masked ? $0.masked : $0.value)" }
    }
  }

  private func read(_ person: Resident, fingerprints: Int? = nil) -> [UInt8] {
    let block = Specimen.block(person)
    return frame(
      [0, 0, 0x90],
      fingerprints.map { Specimen.readData(block, fingerprints: $0) } ?? Specimen.readData(block))
  }

  @Test("a resident card, with all that is printed and nothing that it lacks")
  func residentCard() {
    #expect(
      lines(read(Specimen.first)) == [
        [
          "kind: resident", "name: 王样张", "sex: 1", "ethnicity: 01", "birth: 19491231",
          "address: 北京市朝阳区样张路1号", "id: 11010519491231002X", "issuer: 北京市公安局朝阳分局",
          "validFrom: 20200101", "validTo: 长期", "status: 90",
        ]
      ])
  }

  @Test("a residence permit and the documents of foreigners, with and without fingerprints")
  func others() {
    #expect(
      lines(read(Specimen.permit, fingerprints: 0) + read(Specimen.foreigner2017, fingerprints: 512)) == [
        [
          "kind: J", "name: 陈样张", "sex: 1", "birth: 19940823", "address: 广东省广州市样张路3号",
          "id: 810000199408230021", "issuer: 广州市公安局", "validFrom: 20190901", "validTo: 20240831",
          "passNumber: H12345678", "issueCount: 01", "fingerprintBytes: 0", "status: 90",
        ],
        [
          "kind: I", "name: 史密斯·样张", "nameEnglish: SMITH, SPECIMEN JOHN", "sex: 2", "birth: 19810803",
          "id: GBR310081080301", "issuer: 1500", "validFrom: 20170601", "validTo: 20270531",
          "nationality: GBR", "fingerprintBytes: 512", "status: 90",
        ],
      ])
    #expect(
      lines(read(Specimen.foreigner2023, fingerprints: 1024)) == [
        [
          "kind: Y", "name: 安·样张", "nameEnglish: SPECIMENHOLDERWITHAVERYLONGFAMILYN AME, ANN", "sex: 2",
          "birth: 19810803", "id: 911124198108030024", "validFrom: 20231201", "validTo: 20331130",
          "issueCount: 02", "nationality: CAN", "fingerprintBytes: 1024", "status: 90",
        ]
      ])
  }

  @Test("masked, nothing of the person is left but what others may see")
  func masked() {
    let person = Specimen.foreigner2023
    #expect(
      lines(read(person), masked: true) == [
        [
          "kind: Y", "name: 安*", "nameEnglish: S*", "sex: *", "birth: ********",
          "id: **************0024", "validFrom: 20231201", "validTo: 20331130", "issueCount: 02",
          "nationality: ***", "status: 90",
        ]
      ])
    let shown = lines(read(Specimen.permit) + read(Specimen.first), masked: true).joined()
    for secret in ["样张", "19940823", "H1234", "广州市公安局", "样张路", "11010519", "1949"] {
      #expect(!shown.contains { $0.contains(secret) })
    }
  }

  @Test("replies without a card: status, module number, newest address")
  func shortReplies() {
    let codes = SDTStatus.Meaning.allCases.map(\.rawValue)
    #expect(
      lines(codes.flatMap { frame([0x69, 0x88, $0]) })
        == codes.map { ["status: \(Hex.text([$0]).uppercased())"] })
    let module = hex("05000100 09B83201 05BE1200 ADC5B111")
    let address = Array(Specimen.block(Specimen.second)[52..<122])
    #expect(
      lines(frame([0, 0, 0x90], module) + frame([0, 0, 0x90], address)) == [
        ["samID: 05.01-20101129-0001228293-0296863149", "status: 90"],
        ["address: 广东省汕头市样张村二组 3-4号", "status: 90"],
      ])
  }

  @Test("each way of being no frame has its name, and the next frame is found")
  func faults() {
    let good = frame([0, 0, 0x80])
    let whole = read(Specimen.first)
    let wrongCheck = Array(whole.dropLast()) + [whole[whole.count - 1] ^ 1]
    var data = Specimen.readData(Specimen.block(Specimen.first))
    data[1] = 1
    let cases: [([UInt8], String)] = [
      (wrongCheck, "checksum"), (Array(whole.dropLast()), "short"), (Array(whole.prefix(7)), "short"),
      (Array(whole.prefix(6)), "short"), (hex("AAAAAA9669 0003 2001 22"), "length"),
      (hex("AAAAAA9669 FFFF 000090"), "length"), (frame([0, 0, 0x90], data), "inner length"),
      (frame([0, 0, 0x90], Array(data.prefix(200))), "inner length"),
    ]
    for (bytes, name) in cases {
      #expect(lines(bytes) == [["error: \(name)"]])
      #expect(lines(bytes + good) == [["error: \(name)"], ["status: 80"]], "\(name), then a good one")
      #expect(FrameReport.all(in: bytes).first?.fault?.rawValue == name)
    }
    #expect(lines(hex("AAAAAA")) == [["error: short"]])
    #expect(lines(good + hex("AAAA")) == [["status: 80"], ["error: short"]])
    #expect(lines(hex("0011AA") + good) == [["status: 80"]])
    #expect(lines([]).isEmpty)
  }

  @Test("control characters and halves of characters in a name are shown as such")
  func unwritable() {
    var block = Specimen.block(Specimen.first)
    block.replaceSubrange(0..<6, with: [0x0A, 0, 0x1B, 0, 0x42, 0xD8])
    let said = lines(frame([0, 0, 0x90], Specimen.readData(block)))
    #expect(said.first?[1] == "name: \u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test("any bytes at all are survived, and each frame is said once")
  func anyBytes() {
    var noise = Noise(seed: 11)
    for _ in 0..<200 {
      let bytes = (0..<Int(noise.next())).map { _ in noise.next() }
      _ = FrameReport.all(in: bytes)
      _ = FrameReport.all(in: hex("AAAAAA9669 0508") + bytes + hex("AAAAAA9669") + bytes)
    }
  }

  @Test("digits in any grouping, comments and capitals; anything else has its line")
  func text() throws {
    let text = "# a reply\r\nAa AAaa 96\t69 # head\n0004\n\n000080 84"
    #expect(try HexText.bytes(Array(text.utf8)) == hex("AAAAAA9669000400008084"))
    #expect(throws: HexText.Fault(line: 2, isOddCount: false)) {
      try HexText.bytes(Array("AA\nAG\n".utf8))
    }
    #expect(throws: HexText.Fault(line: 3, isOddCount: true)) {
      try HexText.bytes(Array("AA\nA\n".utf8))
    }
    #expect(try HexText.bytes(Array("# only words".utf8)).isEmpty)
  }
}
