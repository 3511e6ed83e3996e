// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Simulators

struct ReaderHostTests {
  private let folder: TemporaryFolder
  private let events = EventLog.counting()
  private let host: ReaderHost
  private var link: String { folder.path + "/reader.tty" }

  init() throws {
    folder = try TemporaryFolder()
    host = try ReaderHost(link: folder.path + "/reader.tty", events: events)
  }

  private func openLine() throws -> Peer {
    Peer(line: try #require(Descriptor(open(link, O_RDWR | O_NOCTTY | O_CLOEXEC))))
  }

  @Test func `a card is read through the terminal, byte for byte`() throws {
    defer { host.stop() }
    host.put(.sample)
    let line = try openLine()
    line.send(Requests.find)
    #expect(line.receive(15) == Answers.found)
    line.send(Requests.select)
    #expect(line.receive(19) == Answers.selected)
    line.send(Requests.read)
    let answer = line.receive(1295)
    #expect(Array(answer.dropFirst(14).prefix(256)) == SimulatedCard.sample.textBlock)
    #expect(events.events.map { $0.name } == ["card.put", "card.read"])
  }

  @Test func `the line may be closed and opened again`() throws {
    defer { host.stop() }
    for _ in 0..<3 {
      let line = try openLine()
      line.send(Requests.find)
      #expect(line.receive(11) == Answers.noCard)
    }
  }

  @Test func `a request that breaks off does not spoil the next one`() throws {
    defer { host.stop() }
    let line = try openLine()
    line.send(Array(Requests.find.prefix(8)))
    var answer: [UInt8] = []
    // The reader forgets the beginning after its time; until then the next is swallowed.
    let understood = eventually {
      line.send(Requests.find)
      guard Readiness.wait([(line.line, POLLIN)], milliseconds: 400)[0] != 0 else { return false }
      answer = line.receive(11)
      return answer == Answers.noCard
    }
    #expect(understood)
  }

  @Test func `stopping removes the link, starting takes over an old one`() throws {
    let second = try ReaderHost(link: link, events: events)
    var facts = stat()
    #expect(lstat(link, &facts) == 0)
    second.stop()
    #expect(lstat(link, &facts) != 0)
    host.stop()
  }

  @Test func `a file in the place of the link is left alone`() throws {
    defer { host.stop() }
    let path = folder.path + "/file"
    close(open(path, O_CREAT | O_WRONLY, 0o600))
    #expect(throws: SimulatorFault.noTerminal(path: path)) {
      try ReaderHost(link: path, events: events)
    }
  }

  @Test func `pulled it hangs up and its link is gone; back in it works, with all forgotten`() throws {
    defer { host.stop() }
    host.put(.sample)
    let line = try openLine()
    line.send(Requests.find)
    #expect(line.receive(15) == Answers.found)
    host.unplug()
    #expect(Readiness.wait([(line.line, 0)], milliseconds: 10_000)[0] & POLLHUP != 0)
    var facts = stat()
    #expect(lstat(link, &facts) != 0 && !host.isPlugged)
    try host.plug()
    let again = try openLine()
    again.send(Requests.select)
    #expect(again.receive(11) == Answers.notSelected)
    again.send(Requests.find)
    #expect(again.receive(15) == Answers.found)
    #expect(events.events.map(\.name) == ["card.put", "reader.unplugged", "reader.plugged"])
  }

  @Test func `an endless answer ends with the next request`() throws {
    defer { host.stop() }
    let line = try openLine()
    host.fail(ReaderFault(.endless, on: .find))
    line.send(Requests.find)
    #expect(line.receive(1100).count == 1100)
    line.send(Requests.find)
    // What was on its way, then nothing more.
    var count = 0
    while Readiness.wait([(line.line, POLLIN)], milliseconds: 200)[0] != 0 { count += line.receive(11).count }
    #expect(count > 0)
  }

  @Test func `an answer in pieces is whole in the end`() throws {
    defer { host.stop() }
    let line = try openLine()
    host.fail(ReaderFault(.split, on: .find))
    line.send(Requests.find)
    #expect(line.receive(11) == Answers.noCard)
  }

  @Test func `what comes at another speed is noise`() throws {
    defer { host.stop() }
    let line = try openLine()
    line.send(Requests.preamble + [0x00, 0x03, 0x60, 0x01, 0x62])
    #expect(line.receive(11).dropFirst(9).first == 0x90)
    line.send(Requests.find)
    #expect(Readiness.wait([(line.line, POLLIN)], milliseconds: 200)[0] == 0)
    var settings = termios()
    tcgetattr(line.line.number, &settings)
    cfsetspeed(&settings, speed_t(B57600))
    tcsetattr(line.line.number, TCSANOW, &settings)
    line.send(Requests.find)
    #expect(line.receive(11) == Answers.noCard)
  }
}
