// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import DeviceLinks

@Suite("The text of a recording")
struct ExchangeFileTests {
  private static let whole = """
    nightdesk exchange 1
    # Made by hand.
    #
    0.000000 > AA*3 96 69 00 03 20 01 22

    # A comment between exchanges is passed over.
    0.003120 < 01 02  # no card
    1.003120 < ! late
    1.003120 > ! stalled
    1.500000 > ! broken 71
    2.000000 reset
    3.000001 baud 57600
    12.999999 close
    13.000000 open ! busy
    13.000000 open

    """

  @Test("every line of the form is understood")
  func reading() throws {
    let file = try ExchangeFile(Self.whole)
    #expect(file.remarks == ["Made by hand.", ""])
    #expect(
      file.exchanges == [
        Exchange(at: .zero, event: .wrote([0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 3, 0x20, 1, 0x22])),
        Exchange(at: .microseconds(3120), event: .read([1, 2]), comment: "no card"),
        Exchange(at: .microseconds(1_003_120), event: .readFailed(.late)),
        Exchange(at: .microseconds(1_003_120), event: .writeFailed(.stalled)),
        Exchange(at: .microseconds(1_500_000), event: .writeFailed(.broken(71))),
        Exchange(at: .seconds(2), event: .reset),
        Exchange(at: .microseconds(3_000_001), event: .baud(.baud57600)),
        Exchange(at: .microseconds(12_999_999), event: .closed),
        Exchange(at: .seconds(13), event: .openFailed(.busy)),
        Exchange(at: .seconds(13), event: .opened),
      ])
  }

  @Test("what is written is read as the same, runs of one byte and every fault too")
  func roundTrip() throws {
    let faults: [LinkFault] = [.gone, .denied, .busy, .late, .stalled, .babble, .broken(5)]
    let bytes: [[UInt8]] = [
      [0], [0, 0, 0], [0, 0, 0, 0], Array(0...255), [UInt8](repeating: 0xFF, count: 65_536),
    ]
    let events =
      faults.flatMap { [Exchange.Event.readFailed($0), .writeFailed($0), .openFailed($0)] }
      + bytes.flatMap { [Exchange.Event.wrote($0), .read($0)] }
      + [.opened, .reset, .closed, .baud(.baud9600)]
    let exchanges = events.enumerated().map { index, event in
      Exchange(at: .microseconds(index * 999_999), event: event, comment: index % 3 == 0 ? "第 \(index)" : nil)
    }
    let file = ExchangeFile(remarks: ["one", ""], exchanges: exchanges)
    #expect(try ExchangeFile(file.text) == file)
  }

  @Test("a comment with a line break stays on its line")
  func lineBreak() throws {
    let exchange = Exchange(at: .zero, event: .reset, comment: "a\nb\rc")
    let file = ExchangeFile(remarks: ["d\ne"], exchanges: [exchange])
    let read = try ExchangeFile(file.text)
    #expect(read.remarks == ["d e"])
    #expect(read.exchanges.map(\.comment) == ["a b c"])
  }

  @Test(
    "a line of another form is refused with its place",
    arguments: [
      ("0.5 reset", 1, "time"), ("1 reset", 1, "time"), ("-1.000000 reset", 1, "time"),
      ("0.0000000 reset", 1, "time"), ("9999999999.000000 reset", 1, "time"), ("reset", 1, "time"),
      (" # indented", 2, "time"), ("0.000000 rest", 10, "none of"), ("0.000000", 9, "none of"),
      ("0.000000 > ", 11, "missing"), ("0.000000 >", 11, "missing"), ("0.000000 > A", 12, "byte"),
      ("0.000000 > aa", 12, "byte"), ("0.000000 > +A", 12, "byte"), ("0.000000 > 00 123", 15, "byte"),
      ("0.000000 > 00*", 12, "count"), ("0.000000 > 00*0", 12, "count"), ("0.000000 > 00*+4", 12, "count"),
      ("0.000000 > 00*65537", 12, "too many"), ("0.000000 > 00*99999999999999999999", 12, "count"),
      ("0.000000 < ! lazy", 14, "fault"), ("0.000000 < !", 13, "fault"),
      ("0.000000 < ! broken", 20, "number"), ("0.000000 < ! broken 0", 21, "number"),
      ("0.000000 baud 300", 15, "speed"), ("0.000000 reset now", 16, "comment"),
      ("0.000000 < ! late 1", 19, "comment"),
      ("0.000000 open now", 15, "comment"), ("0.000000 open !", 16, "fault"),
      ("0.000000 reset\r", 10, "none of"),
    ])
  func refused(line: String, column: Int, reason: String) {
    let text = ExchangeFile.heading + "\n# remark\n" + line + "\n"
    let fault = #expect(throws: ExchangeFault.self) { try ExchangeFile(text) }
    #expect(fault?.line == 3)
    #expect(fault?.column == column)
    #expect(fault?.reason.contains(reason) == true, "\(fault?.reason ?? "")")
  }

  @Test("another heading, a time that runs back, and bytes without measure are refused")
  func refusedAsAWhole() {
    for text in ["", "\n", "nightdesk exchange 2\n", " " + ExchangeFile.heading, ExchangeFile.heading + " "] {
      #expect(throws: ExchangeFault.self) { try ExchangeFile(text) }
    }
    let back = ExchangeFile.heading + "\n1.000000 reset\n0.999999 reset\n"
    let fault = #expect(throws: ExchangeFault.self) { try ExchangeFile(back) }
    #expect(fault?.line == 3)
    let bomb = String(repeating: "0.000000 < 00*65536\n", count: 300)
    #expect(throws: ExchangeFault.self) { try ExchangeFile(ExchangeFile.heading + "\n" + bomb) }
  }
}
