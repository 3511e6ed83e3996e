// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Glibc
import Records
import Testing

@testable import CardReaders

@Suite("Recordings beside the models", .timeLimit(.minutes(3)))
struct PlayedReaderTests {
  private static let house = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  private static let path = house + "/Devices/CardReaders/Models/sdt-serial/card-on-and-off.exchange"

  /// What a driver does with a player in the reader's place, event by event.
  private func play(_ player: PlayedLink) async throws -> [CardEvent] {
    let device = try ScriptedReader()
    var events: [CardEvent] = []
    let open: Opening = { () throws(LinkFault) in try await player.open() }
    try await running(device, open: open) { said in
      for _ in 0..<3 { if let event = await said.event() { events.append(event) } }
      while !player.isOver, player.difference == nil, !Task.isCancelled { await Task.yield() }
    }
    return events
  }

  @Test("a card put on, taken off and put on again is read as it was when it was recorded")
  func played() async throws {
    let text = try #require(read(Self.path))
    let player = PlayedLink(try ExchangeFile(text))
    let events = try await play(player)
    #expect(player.difference == nil, "\(player.difference?.description ?? "")")
    let persons = events.map { event -> String in
      switch event {
      case .presented(let resident, let lying): "\(resident.idNumber) \(lying)"
      case .removed: "removed"
      case .unreadable: "unreadable"
      }
    }
    #expect(persons == ["\(Specimen.numbers[0]) false", "removed", "\(Specimen.numbers[0]) false"])
  }

  @Test("a recording made of the real driver on the scripted reader plays itself")
  func recordedNow() async throws {
    let device = try ScriptedReader()
    try device.plug()
    let clock = HurriedClock()
    let recorder = ExchangeRecorder(clock: ContinuousClock(), scrubber: SDTScrubber())
    let path = device.path
    let open: Opening = { () throws(LinkFault) in
      try await recorder.opening { () async throws(LinkFault) in
        try await SerialLink.open(path: path, baud: .baud115200)
      }
    }
    try await running(device, clock: clock, open: open) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for card in [Specimen.first, Specimen.second] {
        device.put(Specimen.block(card))
        #expect(await said.event() == .presented(card, lying: false))
        device.put(nil)
        #expect(await said.event() == .removed)
      }
    }
    let remarks = ["Recorded on a pseudo-terminal with a simulated reader: no hardware."]
    let file = recorder.recording(remarks: remarks)
    if let out = getenv("NIGHTDESK_RECORD_TO") { write(file.text, to: String(cString: out)) }
    let text = file.text
    for person in [Specimen.first, Specimen.second] {
      let name = ExchangeFile(exchanges: [Exchange(at: .zero, event: .read(units(person.name)))]).text
      #expect(!text.contains(name.split(separator: " < ").last?.dropLast() ?? "none"))
    }
    let player = PlayedLink(try ExchangeFile(text))
    let events = try await play(player)
    #expect(player.difference == nil, "\(player.difference?.description ?? "")")
    #expect(events.count == 3 && events[1] == .removed)
  }

  private func units(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }

  private func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer.prefix(count), as: UTF8.self)
  }

  private func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    let bytes = Array(text.utf8)
    fwrite(bytes, 1, bytes.count, file)
  }
}
