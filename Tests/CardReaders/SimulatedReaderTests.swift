// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Glibc
import Records
import Simulators
import Synchronization
import Testing

@testable import CardReaders

extension SimulatedCard {
  fileprivate init(_ person: Resident) {
    self.init(
      kind: Kind(rawValue: person.document.rawValue) ?? .resident, name: person.name,
      nameEnglish: person.nameEnglish ?? "", sex: person.sex, nationality: person.nationality ?? "",
      ethnicity: person.ethnicity ?? "", birth: person.birth, address: person.address ?? "",
      idNumber: person.idNumber, issuer: person.issuer ?? "", validFrom: person.validFrom ?? "",
      validTo: person.validTo ?? "", passNumber: person.passNumber ?? "", issueCount: person.issueCount ?? "")
  }
}

/// The driver on the simulated reader, whose frames are made by code of its own.
@Suite("The driver on the simulated reader", .serialized, .timeLimit(.minutes(1)))
struct SimulatedReaderTests {
  private let folder: String
  private let host: ReaderHost
  private var path: String { "\(folder)/reader.tty" }

  init() throws {
    var template = Array("/tmp/nightdesk-simulated-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScriptedReader.Trouble(code: errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let count = Mutex(UInt64(0))
    let events = EventLog {
      count.withLock { count in
        count += 1
        return count
      }
    }
    host = try ReaderHost(link: "\(folder)/reader.tty", events: events)
  }

  /// Runs the driver on the simulator while `body` plays.
  private func running(
    presence: ReaderModel.Presence = .address, patience: Int = 200_000, rate: LineRate? = nil,
    _ body: (inout Said) async throws -> Void
  ) async throws {
    let path = path
    let open: Opening = { () throws(LinkFault) in
      try await SerialLink.open(path: path, baud: .baud115200)
    }
    defer {
      host.stop()
      rmdir(folder)
    }
    try await CardReadersTests.running(
      try ScriptedReader(), model: model(patience: patience, presence: presence), open: open, rate: rate
    ) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      try await body(&said)
    }
  }

  @Test(
    "each kind of card, with fingerprints that nobody asked for and without",
    arguments: [nil, 0, 512, 1024])
  func kinds(fingerprints: Int?) async throws {
    host.set { $0.fingerprintBytes = fingerprints }
    try await running { said in
      for person in Specimen.all {
        host.put(SimulatedCard(person))
        #expect(await said.event() == .presented(person, lying: false))
        host.take()
        #expect(await said.event() == .removed)
      }
    }
  }

  static let presences: [(ReaderModel.Presence, Bool, Bool)] = [
    (.find, true, false), (.address, false, true), (.address, true, true),
  ]

  @Test("put on and taken off, as each firmware gives it", arguments: presences)
  func presence(presence: ReaderModel.Presence, findsAgain: Bool, knowsAddress: Bool) async throws {
    host.set { ($0.findsReadCardAgain, $0.knowsAddress) = (findsAgain, knowsAddress) }
    try await running(presence: presence) { said in
      for person in [Specimen.first, Specimen.first, Specimen.permit] {
        host.put(SimulatedCard(person))
        #expect(await said.event() == .presented(person, lying: false))
        host.take()
        #expect(await said.event() == .removed)
      }
    }
  }

  @Test("where nothing tells that a card lies there, it is seen once for each time it is put on")
  func noPresence() async throws {
    host.set { ($0.findsReadCardAgain, $0.knowsAddress) = (false, false) }
    try await running(presence: .none) { said in
      host.put(SimulatedCard(Specimen.first))
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      host.put(SimulatedCard(Specimen.second))
      #expect(await said.event() == .removed)
      #expect(await said.event() == .presented(Specimen.second, lying: false))
      host.take()
      #expect(await said.event() == .removed)
    }
  }

  @Test("a reader of another model than set says so")
  func wrongModel() async throws {
    host.set { $0.knowsAddress = false }
    try await running(presence: .address) { said in
      host.put(SimulatedCard(Specimen.first))
      #expect(await said.state() == .failed(.readerWrongModel))
    }
  }

  @Test("pulled while a card lies there, and put back in: told, ready, and no second reading of it")
  func replugged() async throws {
    try await running { said in
      host.put(SimulatedCard(Specimen.first))
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      for _ in 0..<5 {
        host.unplug()
        #expect(await said.state() == .absent(.readerGone))
        try host.plug()
        #expect(await said.state() == .ready)
      }
      host.take()
      #expect(await said.event() == .removed)
    }
  }

  @Test("an order of staff opens it anew, then resets link and module; the card makes no event")
  func restarted() async throws {
    try await running { said in
      host.put(SimulatedCard(Specimen.first))
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      for _ in 0..<3 {
        said.reader.restart()
        #expect(await said.state() == .starting)
        #expect(await said.state() == .ready)
      }
      host.take()
      #expect(await said.event() == .removed)
    }
  }

  @Test("the speed of a line is changed, found changed when reopened, changed again after a loss of power")
  func rate() async throws {
    let path = path
    let sets = Mutex<[BaudRate]>([])
    let rate = LineRate(first: .baud115200, working: .baud57600) { (_, baud) throws(LinkFault) in
      sets.withLock { $0.append(baud) }
      setSpeed(of: path, to: baud)
    }
    try await running(patience: 100, rate: rate) { said in
      #expect(sets.withLock { $0 } == [.baud57600])
      said.reader.restart()
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      #expect(sets.withLock { $0 } == [.baud57600, .baud57600])
      host.unplug()
      #expect(await said.state() == .absent(.readerGone))
      try host.plug()
      #expect(await said.state() == .ready)
      host.put(SimulatedCard(Specimen.first))
      #expect(await said.event() == .presented(Specimen.first, lying: false))
      #expect(sets.withLock { $0 } == [.baud57600, .baud57600, .baud57600])
    }
  }

  @Test("hundreds of cards with a fault at every turn: no wrong field, none lost", arguments: presences)
  func faults(presence: ReaderModel.Presence, findsAgain: Bool, knowsAddress: Bool) async throws {
    host.set { ($0.findsReadCardAgain, $0.knowsAddress) = (findsAgain, knowsAddress) }
    let kinds: [Simulators.ReaderFault.Kind] = [
      .badChecksum, .garbageFirst, .split, .repeated, .endless, .shortAnswer, .silence,
    ]
    let commands: [ReaderCommand] = [.find, .select, .read]
    try await running(presence: presence, patience: 40) { said in
      for index in 0..<kinds.count * commands.count * 2 {
        let fault = Simulators.ReaderFault(kinds[index % kinds.count], on: commands[index % commands.count])
        let person = Specimen.all[index % Specimen.all.count]
        host.fail(fault)
        host.put(SimulatedCard(person))
        // On a busy machine the link may be opened anew meanwhile: then it lies there.
        let event = await said.event()
        #expect([false, true].contains { event == .presented(person, lying: $0) }, "\(fault)")
        host.take()
        #expect(await said.event() == .removed, "\(fault)")
      }
    }
  }

  @Test("wrong inner lengths and every refusal of a card: to be put on again, and then read")
  func spoiltCards() async throws {
    try await running { said in
      let codes: [UInt8] = [0x31, 0x32, 0x33, 0x37, 0x3F, 0x40, 0x41, 0x47]
      let refusals = codes.map { Simulators.ReaderFault(.status, on: .read, code: $0) }
      for fault in [Simulators.ReaderFault(.badInnerLength)] + refusals {
        host.fail(fault)
        host.put(SimulatedCard(Specimen.first))
        #expect(await said.event() == .unreadable)
        host.take()
        #expect(await said.event() == .removed)
        host.put(SimulatedCard(Specimen.first))
        #expect(await said.event() == .presented(Specimen.first, lying: false))
        host.take()
        #expect(await said.event() == .removed)
      }
    }
  }
}

/// Both ends of a pseudo-terminal share one setting.
private func setSpeed(of path: String, to baud: BaudRate) {
  let line = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
  defer { close(line) }
  var settings = termios()
  tcgetattr(line, &settings)
  cfsetspeed(&settings, speed_t(baud == .baud57600 ? B57600 : B115200))
  tcsetattr(line, TCSANOW, &settings)
}
