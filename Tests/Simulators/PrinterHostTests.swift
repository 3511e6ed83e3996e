// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import Simulators

struct PrinterHostTests {
  private let folder: TemporaryFolder
  private let papers: PaperFolder
  private let events = EventLog.counting()
  private let host: PrinterHost

  init() throws {
    folder = try TemporaryFolder()
    let papers = try PaperFolder(folder.path)
    self.papers = papers
    host = try PrinterHost(
      port: 0, events: events, onPaper: { papers.keep($0) }, onBytes: { papers.keep($0) })
  }

  private func content(_ name: String) -> [UInt8] {
    let number = open("\(folder.path)/\(name)", O_RDONLY | O_CLOEXEC)
    guard case .bytes(let bytes)? = Descriptor(number)?.take(1_000_000) else { return [] }
    return bytes
  }

  @Test func `a slip is printed, kept and answered for, in this order`() throws {
    defer { host.stop() }
    let line = try Peer.connected(to: host.port)
    line.send(Slip.ask(1))
    #expect(line.receive(1) == [0x12])
    line.send(Slip.plain + Slip.askInOrder)
    #expect(line.receive(1) == [0x00])
    #expect(papers.papers.map { $0.number } == [1])
    #expect(content("001.bin") == Slip.plain)
    #expect(content("001.png").prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    #expect(String(decoding: content("001.json"), as: UTF8.self).contains("\"rows\": 3"))
    #expect(content("stream.bin") == Slip.ask(1) + Slip.plain + Slip.askInOrder)
    #expect(
      events.events.map { $0.name } == [
        "printer.firstByte", "printer.status", "printer.firstRow", "printer.cut", "printer.status",
      ])
  }

  @Test func `the second connection is served after the first`() throws {
    defer { host.stop() }
    let first = try Peer.connected(to: host.port)
    first.send(Slip.ask(1))
    #expect(first.receive(1) == [0x12])
    let second = try Peer.connected(to: host.port)
    second.send(Slip.plain + Slip.askInOrder)
    first.send(Slip.ask(4))
    #expect(first.receive(1) == [0x12])
    #expect(host.printer.papersCut == 0)
    shutdown(first.line.number, Int32(SHUT_RDWR))
    #expect(second.receive(1) == [0x00])
    #expect(host.printer.papersCut == 1)
  }

  @Test func `a held status answer waits for its release`() throws {
    defer { host.stop() }
    host.set(holding: true)
    let line = try Peer.connected(to: host.port)
    line.send(Slip.ask(1))
    #expect(eventually { host.printer.answerWaits })
    host.set(holding: false)
    #expect(line.receive(1) == [0x12])
  }

  @Test func `a full memory stops the sender, a question and a clearing still get in`() throws {
    defer { host.stop() }
    host.set(paper: .out)
    let sender = try Peer.connected(to: host.port)
    var sent = 0
    // Until the lines between are full too.
    while let count = sender.line.give(Slip.raster(rowBytes: 72, rows: 400)[...]), count > 0 {
      sent += count
    }
    #expect(eventually { host.printer.freeBytes == 0 })
    #expect(host.printer.receivedBytes < sent)
    shutdown(sender.line.number, Int32(SHUT_RDWR))
    let other = try Peer.connected(to: host.port)
    other.send(Slip.ask(4))
    #expect(other.receive(1) == [0x72])
    other.send(Slip.clear)
    #expect(eventually { host.printer.bufferedBytes == 0 })
    host.set(paper: .ok)
    #expect(host.printer.papersCut == 0)
  }

  @Test func `papers are numbered on after a restart`() throws {
    defer { host.stop() }
    let line = try Peer.connected(to: host.port)
    line.send(Slip.plain + Slip.askInOrder)
    #expect(line.receive(1) == [0x00])
    let again = try PaperFolder(folder.path)
    var printer = PrinterSimulator()
    for case .paper(let paper) in printer.receive(Slip.plain) { again.keep(paper) }
    #expect(again.papers.map { $0.number } == [2])
    #expect(content("002.bin") == Slip.plain)
  }

  @Test func `a taken port is said`() throws {
    defer { host.stop() }
    #expect(throws: SimulatorFault.portTaken(host.port)) {
      try PrinterHost(port: host.port, events: events, onPaper: { _ in })
    }
  }
}
