// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Foundation
import Matters
import Paper
import Records
import StrictJSON
import Synchronization
import Upkeep

@testable import Visits

/// A stage whose audience is the test.
final class StageDouble: Stage {
  let scenes: AsyncStream<Scene>
  private let shown: AsyncStream<Scene>.Continuation
  private let listener: AsyncStream<StageEvent>.Continuation
  private let stream: AsyncStream<StageEvent>
  /// Whether the page confirms what it draws.
  let confirms = Mutex(true)
  let journal: Journal

  init(_ journal: Journal) {
    (scenes, shown) = AsyncStream.makeStream(of: Scene.self)
    (stream, listener) = AsyncStream.makeStream(of: StageEvent.self)
    self.journal = journal
  }

  func show(_ scene: Scene) async {
    journal.note("scene \(scene.name)\(scene.text.contains(journal.number) ? " with the number" : "")")
    shown.yield(scene)
    if confirms.withLock({ $0 }) { listener.yield(.drawn(scene.id)) }
  }

  func events() -> AsyncStream<StageEvent> { stream }

  func choose(_ choice: Choice) { listener.yield(.chosen(choice)) }
}

/// What happened, in order, over all doubles.
final class Journal: Sendable {
  private let lines = Mutex<[String]>([])
  private let latest = Mutex("no number yet")

  var number: String { latest.withLock { $0 } }
  var all: [String] { lines.withLock { $0 } }

  func note(_ line: String) { lines.withLock { $0.append(line) } }
  func remember(_ number: CaseNumber) {
    latest.withLock { $0 = number.groups.joined(separator: "\",\"") }
  }
}

final class ReaderDouble: CardReader {
  private let stream: AsyncStream<CardEvent>
  let events: AsyncStream<CardEvent>.Continuation
  let tellsRemoval: Bool

  init(tellsRemoval: Bool) {
    (stream, events) = AsyncStream.makeStream(of: CardEvent.self)
    self.tellsRemoval = tellsRemoval
  }

  func run(_ handle: @Sendable (CardEvent) async -> Void) async {
    for await event in stream { await handle(event) }
  }
}

final class ScannerDouble: CodeScanner {
  private let stream: AsyncStream<CodeEvent>
  let events: AsyncStream<CodeEvent>.Continuation

  init() { (stream, events) = AsyncStream.makeStream(of: CodeEvent.self) }

  func run(_ handle: @Sendable (CodeEvent) async -> Void) async {
    for await event in stream { await handle(event) }
  }
}

struct PrinterDouble: ReceiptPrinter {
  let journal: Journal
  let outcome: SlipOutcome

  func print(_ slip: Slip, job: SlipJob, within deadline: Duration) async -> SlipOutcome {
    journal.note("print")
    return outcome
  }

  func check(job: SlipJob, within deadline: Duration) async -> SlipOutcome { outcome }

  func clear() async {}
}

/// A ledger in memory that tells the journal what it keeps.
final class LedgerDouble: Records.Filing, SlipJournal {
  let journal: Journal
  let fault: StoreFault?
  let kept = Mutex<[Envelope]>([])
  let left: [Filed]
  private let verdicts: AsyncStream<Verdict>
  private let centre: AsyncStream<Verdict>.Continuation

  private let time: QualifiedTime

  init(
    _ journal: Journal, fault: StoreFault? = nil, left: [Filed] = [], time: QualifiedTime = Sample.time
  ) {
    self.time = time
    self.journal = journal
    self.fault = fault
    self.left = left
    (verdicts, centre) = AsyncStream.makeStream(of: Verdict.self)
  }

  func reserve() async throws(StoreFault) -> Reservation {
    let number = Sample.number(kept.withLock { $0.count } + 1)
    journal.remember(number)
    return Reservation(id: Sample.id(1), number: number, time: time)
  }

  func reserve(about filing: Filed) async throws(StoreFault) -> Reservation {
    Reservation(id: Sample.id(2), number: filing.number, time: time)
  }

  func file(_ envelope: Envelope, slip: SlipJob) async throws(StoreFault) -> Filed {
    if let fault { throw fault }
    kept.withLock { $0.append(envelope) }
    journal.note("filed")
    return Filed(id: envelope.id, number: envelope.number)
  }

  func add(_ envelope: Envelope) async throws(StoreFault) {
    kept.withLock { $0.append(envelope) }
    journal.note("\(envelope.kind.rawValue) \(String(decoding: envelope.routing, as: UTF8.self))")
  }

  func untold() async throws(StoreFault) -> [Filed] { left }

  /// What the centre says, when the test lets it speak.
  func verdict(on filing: Filed) async -> Verdict? {
    for await verdict in verdicts { return verdict }
    journal.note("nobody waits for the centre")
    return nil
  }

  func speak(_ verdict: Verdict) { centre.yield(verdict) }

  func settle(_ job: SlipJob, _ outcome: SlipOutcome) async throws(StoreFault) {}
}

/// Seals nothing: the routing's words on telling and on assurance stay readable for the test.
struct OpenSealer: Sealer {
  func seal(_ submission: Submission) throws(SealFault) -> Envelope {
    let person = submission.content?.applicant.idNumber ?? ""
    return Envelope(
      id: submission.reservation.id, number: submission.reservation.number, kind: submission.kind,
      after: submission.after,
      header: Array((submission.routing.matterVersion.map { "version \($0)" } ?? "").utf8),
      routing: Array((submission.routing.told?.rawValue ?? "").utf8),
      content: Array(person.utf8), signature: Array(submission.routing.assurance.rawValue.utf8))
  }
}

/// A clock that a test may set, and give another quality.
final class SetTime: WallTime {
  private let time: Mutex<QualifiedTime>

  init(_ time: QualifiedTime) { self.time = Mutex(time) }

  func now() -> QualifiedTime { time.withLock { $0 } }

  func set(_ new: QualifiedTime) { time.withLock { $0 = new } }
}

struct FixedChance: RandomSource {
  func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 7, count: count) }
}

/// Invented persons with published specimen numbers.
enum Sample {
  static let time = QualifiedTime(
    at: Timestamp(milliseconds: 1_795_201_920_000), quality: .synchronised)
  static let wang = person("王秀兰", "11010519491231002X")
  static let other = person("𠮷㼆·艾力", "440524188001010014")

  static func person(_ name: String, _ number: String) -> Resident {
    Resident(
      name: name, sex: "2", ethnicity: "01", birth: "19491231", address: "平澜街道桂花里 6 号",
      idNumber: number, issuer: "苏州市公安局", validFrom: "20200101", validTo: "长期")
  }

  static func number(_ sequence: Int) -> CaseNumber {
    guard let allotment = Allotment("00A7"),
      let number = CaseNumber(
        area: "320507", allotment: allotment, day: Day(time.at), sequence: sequence)
    else { preconditionFailure("the sample number is well formed") }
    return number
  }

  static func id(_ tail: UInt8) -> EnvelopeID {
    EnvelopeID(milliseconds: 1, chance: [0, 0, 0, 0, 0, 0, 0, 0, 0, tail])
  }

  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func catalogue() throws -> Catalogue {
    try StrictJSON.decode(Catalogue.self, from: bytes("Kiosk/Catalogue/catalogue.json"))
  }

  static func words() throws -> Words {
    let folder = root.appending(path: "Kiosk/Words")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return Words(
      try names.filter { $0.hasSuffix(".json") }.reduce(into: [:]) { all, name in
        let sentences = try StrictJSON.decode(
          [String: Words.Sentence].self, from: bytes("Kiosk/Words/\(name)"))
        all.merge(sentences) { first, _ in first }
      })
  }

  static func settings() throws -> Settings {
    try StrictJSON.decode(Settings.self, from: bytes("Kiosk/Config/settings.sample.json"))
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: root.appending(path: path)))
  }
}

extension Scene {
  /// Everything a person could read on it.
  var text: String {
    let encoder = JSONEncoder()
    guard let data = try? encoder.encode(self) else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
