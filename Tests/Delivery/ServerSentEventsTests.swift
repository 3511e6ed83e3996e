// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Delivery

struct ServerSentEventsTests {
  private func event(_ id: String?, _ kind: String, _ data: String) -> ServerSentEvents.Event {
    .init(id: id, kind: kind, data: Array(data.utf8))
  }

  private func read(_ text: String, cutInto size: Int = .max) -> [ServerSentEvents.Event] {
    var stream = ServerSentEvents()
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: min(size, max(1, bytes.count))).flatMap {
      stream.read(Array(bytes[$0..<min($0 + min(size, bytes.count), bytes.count)]))
    }
  }

  private let stream = """
    : hb

    id: 4
    event: command
    data: {"a":1}

    :another comment
    data: 一
    data:二
    nonsense: passed over
    retry: 10

    id: 5
    event: catalogue
    data:  two spaces


    """

  private var expected: [ServerSentEvents.Event] {
    [
      event("4", "command", #"{"a":1}"#), event("4", "message", "一\n二"),
      event("5", "catalogue", " two spaces"),
    ]
  }

  @Test(arguments: ["\n", "\r\n", "\r"], [1, 2, 3, 5, 7, 64, 4096])
  func cutAnywhereItReadsTheSame(_ ending: String, _ size: Int) {
    let text = stream.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ending)
    #expect(read(text, cutInto: size) == expected)
  }

  @Test func anEventWithoutItsBlankLineIsNone() {
    #expect(read("id: 1\ndata: x\n").isEmpty)
  }

  @Test func anEventWithoutDataIsNoneButItsIdCounts() {
    #expect(read("id: 7\n\ndata: x\n\n") == [event("7", "message", "x")])
  }

  @Test func aByteOrderMarkIsPassedOver() {
    #expect(read("\u{FEFF}data: x\n\n") == [event(nil, "message", "x")])
  }

  @Test func anIdThatIsNoHeaderIsNotTaken() {
    #expect(read("id: 3\u{0}4\nid: 一\ndata: x\n\n") == [event(nil, "message", "x")])
  }

  @Test func anEventThatIsTooLongIsPassedOverAndTheNextIsRead() {
    var stream = ServerSentEvents(longest: 1000)
    var events: [ServerSentEvents.Event] = []
    events += stream.read(Array("id: 8\ndata: ".utf8))
    for _ in 0..<1000 { events += stream.read([UInt8](repeating: 120, count: 1000)) }
    events += stream.read(Array("\n\n".utf8))
    events += stream.read(Array(String(repeating: "data: 123456789\n", count: 500).utf8) + [10])
    events += stream.read(Array("data: y\n\n".utf8))
    #expect(events == [event("8", "message", "y")])
  }
}
