// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import DeviceLinks
import Glibc
import Records
import Simulators
import StrictJSON
import Synchronization
import Testing

@testable import CodeScanners

/// Moves only by hand; pauses pass at once.
private final class HandClock: Clock {
  struct Instant: InstantProtocol {
    var passed: Duration
    func advanced(by duration: Duration) -> Instant { Instant(passed: passed + duration) }
    func duration(to other: Instant) -> Duration { other.passed - passed }
    static func < (left: Instant, right: Instant) -> Bool { left.passed < right.passed }
  }

  let minimumResolution = Duration.zero
  private let passed = Mutex(Duration.zero)
  var now: Instant { Instant(passed: passed.withLock { $0 }) }
  func move(_ duration: Duration) { passed.withLock { $0 += duration } }
  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    await Task.yield()
  }
}

private struct HeardBoard: HealthBoard {
  let heard: AsyncStream<DeviceState>.Continuation
  func report(_ device: String, _ state: DeviceState) { heard.yield(state) }
}

private struct Said {
  let clock: HandClock
  let scanner: LinkedCodeScanner<HandClock>
  var events: AsyncStream<CodeEvent>.Iterator
  var states: AsyncStream<DeviceState>.Iterator

  /// What a code says; "?" for one that cannot be read.
  mutating func code() async -> String? {
    switch await events.next(isolation: #isolation) {
    case .shown(let code): String(decoding: code.bytes, as: UTF8.self)
    case .unreadable: "?"
    case nil: nil
    }
  }
  mutating func state() async -> DeviceState? { await states.next(isolation: #isolation) }
}

private let serial = ScannerModel(
  id: "scanner-serial", link: .serial(baud: .baud9600), gapMilliseconds: 100, longestBytes: 4096,
  repeatMilliseconds: 3000)

private typealias Opening = LinkedCodeScanner<HandClock>.Opening

private struct NoChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

/// Runs the real driver under its supervisor, on the real link to `path` or on what `open` gives.
private func running(
  _ model: ScannerModel = serial, path: String = "", bus: (any BusPresence)? = nil,
  open: Opening? = nil,
  _ body: (inout Said) async throws -> Void
) async throws {
  let (events, event) = AsyncStream<CodeEvent>.makeStream()
  let (states, state) = AsyncStream<DeviceState>.makeStream()
  let clock = HandClock()
  let real: Opening = { () throws(LinkFault) in try await model.open(path: path) }
  let supervisor = DeviceSupervisor(
    place: "scanner", bus: bus, absent: .scannerGone, clock: clock, chance: NoChance(),
    health: HeardBoard(heard: state))
  let scanner = LinkedCodeScanner(
    model: model, open: open ?? real, clock: clock, now: { Timestamp(milliseconds: 5) },
    supervisor: supervisor)
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await scanner.run { event.yield($0) } }
    var said = Said(
      clock: clock, scanner: scanner, events: events.makeAsyncIterator(),
      states: states.makeAsyncIterator())
    try await body(&said)
    group.cancelAll()
  }
}

/// A simulated scanner with a folder of its own.
private final class Device: Sendable {
  let folder: String
  let host: ScannerHost
  var path: String { folder + "/scanner.tty" }

  init() throws {
    var template = Array("/tmp/nightdesk-scanner-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw LinkFault.broken(errno) }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    host = try ScannerHost(link: folder + "/scanner.tty", events: EventLog { 0 })
  }

  deinit {
    host.stop()
    rmdir(folder)
  }
}

@Suite("A code scanner on a real line", .serialized, .timeLimit(.minutes(3)))
struct LinkedCodeScannerTests {
  @Test("hands over each code once, the same again only after three seconds out of sight")
  func once() async throws {
    let device = try Device()
    try await running(path: device.path) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      for text in ["one", "one", "one", "two"] { device.host.scan(Array(text.utf8)) }
      #expect(await said.code() == "one")
      #expect(await said.code() == "two")
      said.clock.move(.milliseconds(2999))
      device.host.scan(Array("two".utf8))
      device.host.scan(Array("three".utf8))
      #expect(await said.code() == "three")
      device.host.scan(Array("two".utf8))
      device.host.scan(Array("four".utf8))
      #expect(await said.code() == "four")
      said.clock.move(.seconds(3))
      device.host.scan(Array("two".utf8))
      #expect(await said.code() == "two")
    }
  }

  @Test("says that it was unplugged, and works again by itself")
  func unplugged() async throws {
    let device = try Device()
    try await running(path: device.path) { said in
      #expect(await said.state() == .starting)
      for round in 0..<5 {
        #expect(await said.state() == .ready)
        device.host.scan(Array("round \(round)".utf8))
        #expect(await said.code() == "round \(round)")
        device.host.unplug()
        #expect(await said.state() == .absent(.scannerGone))
        try device.host.plug()
      }
    }
  }

  @Test("where the file system tells that it is gone it is not tried, and its return is acted on at once")
  func presence() async throws {
    let device = try Device()
    let bus = try PathPresence(path: device.path)
    try await running(path: device.path, bus: bus) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.host.unplug()
      #expect(await said.state() == .absent(.scannerGone))
      try device.host.plug()
      #expect(await said.state() == .ready)
      device.host.scan(Array("again".utf8))
      #expect(await said.code() == "again")
    }
  }

  @Test("a restart opens it anew, and the next one soon after goes a step further")
  func restart() async throws {
    let device = try Device()
    try await running(path: device.path) { said in
      #expect(await said.state() == .starting)
      for _ in 0..<3 {
        #expect(await said.state() == .ready)
        said.scanner.restart()
        #expect(await said.state() == .starting)
      }
      #expect(await said.state() == .ready)
      device.host.scan(Array("still".utf8))
      #expect(await said.code() == "still")
    }
    #expect(device.host.isPlugged)
  }

  @Test("one that types a million bytes is cut off, none of it is a code, and then it works again")
  func flood() async throws {
    let device = try Device()
    // Longer than a busy machine may hold up the flood, which silence would end.
    var model = serial
    model.gapMilliseconds = 1500
    try await running(model, path: device.path) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      device.host.flood(bytes: 1 << 20)
      device.host.scan([])
      #expect(await said.state() == .failed(.scannerFlood))
      #expect(await said.state() == .ready)
      device.host.scan(Array("good".utf8))
      #expect(await said.code() == "good")
    }
  }

  @Test(
    "what keeps it from opening is said in its own word",
    arguments: [
      (LinkFault.gone, DeviceState.absent(.scannerGone)), (.denied, .failed(.scannerDenied)),
      (.busy, .failed(.scannerBusy)), (.broken(25), .failed(.scannerUnusable)),
    ])
  func opening(fault: LinkFault, state: DeviceState) async throws {
    let open: Opening = { () throws(LinkFault) in throw fault }
    try await running(open: open) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == state)
    }
  }

  @Test("keys that are no code are said to be none, until a good code comes")
  func keys() async throws {
    let model = ScannerModel(
      id: "k", link: .keys, gapMilliseconds: 100, longestBytes: 100, repeatMilliseconds: 3000)
    let bytes = Typing.key(59) + Typing.enter
    let typed = Typing.text("https://a.example/p/1#B") + Typing.enter
    let exchanges = [bytes, typed].map { Exchange(at: .zero, event: .read($0)) }
    let player = PlayedLink(ExchangeFile(exchanges: exchanges))
    let open: Opening = { () throws(LinkFault) in OpenedScanner(link: player) }
    try await running(model, open: open) { said in
      #expect(await said.state() == .starting)
      #expect(await said.state() == .ready)
      #expect(await said.state() == .attention(.scannerGarbled))
      #expect(await said.code() == "?")
      #expect(await said.state() == .ready)
      #expect(await said.code() == "https://a.example/p/1#B")
    }
  }

  @Test("the kinds of nodes that are no HID are told from one that is not there")
  func wrongNodes() async throws {
    for kind in [HIDLink.Kind.keys, .reports] {
      await #expect(throws: LinkFault.gone) {
        try await HIDLink.open(path: "/dev/nightdesk-no", kind: kind)
      }
      await #expect(throws: LinkFault.broken(ENOTTY)) {
        try await HIDLink.open(path: "/dev/null", kind: kind)
      }
    }
  }
}

@Suite("Model files and words of code scanners")
struct ScannerModelTests {
  private static let house = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
  private static let models = house + "/Devices/CodeScanners/Models/"

  private func bytes(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "r") else { throw LinkFault.broken(errno) }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = fread(&buffer, 1, buffer.count, file)
    return Array(buffer.prefix(count))
  }

  @Test(
    "each model is what its file says",
    arguments: [
      ("scanner-serial", ScannerModel.Link.serial(baud: .baud9600)), ("scanner-keys", .keys),
      ("scanner-hidpos", .reports(feature: [])),
    ])
  func models(id: String, link: ScannerModel.Link) throws {
    let model = try StrictJSON.decode(ScannerModel.self, from: try bytes(Self.models + "\(id)/\(id).json"))
    #expect(model.connection == (link == .serial(baud: .baud9600) ? .line : .node))
    #expect(
      model
        == ScannerModel(
          id: id, link: link, gapMilliseconds: 100, longestBytes: 4096, repeatMilliseconds: 3000))
  }

  @Test(
    "a model file with an error is refused",
    arguments: [
      ("100", "9"), ("100", "2001"), ("4096", "15"), ("4096", "8193"), ("3000", "-1"), ("3000", "60001"),
      ("\"keys\": {}", "\"keys\": {}, \"serial\": {\"baud\": 9600}"), ("\"keys\": {}", ""),
      ("\"keys\": {}", "\"serial\": {\"baud\": 300}"), ("\"keys\": {}", "\"reports\": {\"feature\": [1]}"),
      ("\"keys\": {}", "\"reports\": {\"feature\": [1, 256]}"), ("\"keys\": {}", "\"keys\": {\"a\": 1}"),
      ("\"id\"", "\"colour\": 1, \"id\""),
    ])
  func refused(right: String, wrong: String) throws {
    let path = Self.models + "scanner-keys/scanner-keys.json"
    let text = String(decoding: try bytes(path), as: UTF8.self)
    let changed = text.replacing(right, with: wrong, maxReplacements: 1)
    #expect(changed != text)
    #expect(throws: JSONFault.self) {
      try StrictJSON.decode(ScannerModel.self, from: Array(changed.utf8))
    }
  }

  @Test("every problem has its sentences, in both languages, and its own code")
  func words() throws {
    let path = Self.house + "/Kiosk/Words/problems-scanners.json"
    let words = try StrictJSON.decode([String: [String: String]].self, from: try bytes(path))
    #expect(Set(Problem.ofScanners.map(\.code)).count == Problem.ofScanners.count)
    #expect(words.count == Problem.ofScanners.count * 2)
    // Whoever may mend it is told what is missing.
    #expect(words[Problem.scannerDenied.staffKey]?.values.allSatisfy { $0.contains("{missing}") } == true)
    for problem in Problem.ofScanners {
      for key in [problem.residentKey, problem.staffKey] {
        #expect(words[key]?["zh"]?.isEmpty == false && words[key]?["en"]?.isEmpty == false, "\(key)")
      }
    }
  }
}
