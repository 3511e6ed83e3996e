// SPDX-License-Identifier: Apache-2.0

import CodeScanners
import DeviceKit
import Matters
import Paper
import Records
import Synchronization
import Testing
import Upkeep

@testable import Visits

/// The catalogue in force.
final class SharedCatalogue: Sendable {
  private let catalogue: Mutex<Catalogue>

  init(_ catalogue: Catalogue) { self.catalogue = Mutex(catalogue) }

  var now: Catalogue { catalogue.withLock { $0 } }

  func replace(_ other: Catalogue) { catalogue.withLock { $0 = other } }
}

/// A desk with a test for a resident: presses, waits for scenes, moves time.
final class Performance {
  let journal = Journal()
  let stage: StageDouble
  let reader: ReaderDouble
  let scanner = ScannerDouble()
  let ledger: LedgerDouble
  private let beat: AsyncStream<Void>.Continuation
  private let serving: Task<Void, Never>
  private var scenes: AsyncStream<Scene>.Iterator
  private(set) var scene: Scene?
  /// What is in force: a test may put another one there.
  let catalogue: SharedCatalogue
  let board: Board
  let clock: SetTime

  init(
    outcome: SlipOutcome = .printed, fault: StoreFault? = nil, left: [Filed] = [],
    time: QualifiedTime = Sample.time, tellsRemoval: Bool = true,
    face: any FaceCheck = NoFaceCheck(), licence: any LicenceCheck = NoLicenceCheck(),
    verifier: any CodeVerifier = NoCodeVerifier()
  ) throws {
    reader = ReaderDouble(tellsRemoval: tellsRemoval)
    let catalogue = SharedCatalogue(try Sample.catalogue())
    let clock = SetTime(time)
    let board = Board(clock: clock)
    (self.catalogue, self.board, self.clock) = (catalogue, board, clock)
    let (stage, ledger) = (StageDouble(journal), LedgerDouble(journal, fault: fault, left: left, time: time))
    (self.stage, self.ledger) = (stage, ledger)
    let printer = PrinterDouble(journal: journal, outcome: outcome)
    let desk = Desk(
      Desk.Furniture(
        stage: stage, reader: reader, filing: ledger, sealer: OpenSealer(),
        face: face, licence: licence,
        codes: ResidentCodes(
          scanner: scanner, read: { HeldCode($0, publicHost: "progress.example.cn") },
          verifier: verifier),
        press: SlipPress(printer: printer, journal: ledger, patience: .seconds(1)),
        board: board, catalogue: { catalogue.now }, words: try Sample.words(),
        settings: try Sample.settings(), clock: clock, chance: FixedChance(),
        claimHash: { _, _ in "" }, code: { _ in ["1"] }))
    let (beats, beat) = AsyncStream.makeStream(of: Void.self)
    self.beat = beat
    serving = Task { await desk.serve(beats: beats) }
    scenes = stage.scenes.makeAsyncIterator()
  }

  deinit { serving.cancel() }

  /// The next scene; a test that waits for one that never comes runs into its time limit.
  @discardableResult func next() async -> Scene? {
    scene = await scenes.next(isolation: #isolation)
    return scene
  }

  /// Goes through scenes until one is called `name`.
  @discardableResult func until(_ name: String) async -> Scene? {
    while let scene = await next(), scene.name != name {}
    return scene
  }

  func press(_ choice: String, value: String? = nil, values: [String]? = nil) {
    stage.choose(Choice(scene: scene?.id ?? 0, choice: choice, value: value, values: values))
  }

  func pass(seconds: Int) {
    for _ in 0..<(seconds * Heartbeat.beatsPerSecond) { beat.yield() }
  }

  func put(_ resident: Resident, lying: Bool = false) {
    reader.events.yield(.presented(resident, lying: lying))
  }

  /// A code is held before the scanner.
  func hold(_ code: String) {
    scanner.events.yield(.shown(ScannedCode(bytes: Array(code.utf8), at: Sample.time.at)))
  }

  func take() { reader.events.yield(.removed) }

  /// Goes on until a first page says `words`.
  @discardableResult func idle(saying words: String) async -> Scene? {
    while let scene = await next(), !(scene.name == "idle" && scene.text.contains(words)) {}
    return scene
  }

  /// From the idle screen to the first question of the old-age allowance.
  func openForm(_ resident: Resident = Sample.wang) async {
    await until("idle")
    put(resident)
    await until("greeting")
    press("find")
    await startFromTheList()
    await until("deposit")
    press("agree")
    await until("check")
    press("confirm")
    await until("field")
  }

  /// From the first question to the summary.
  func fillForm() async {
    press("answer", value: "13800000120")
    await until("field")
    press("answer", value: "6222020000000000000")
    await until("choice")
    press("answer", values: ["false"])
    await until("summary")
  }

  /// From the list of groups to the start of the old-age allowance.
  func startFromTheList() async {
    await until("find")
    press("group:retire")
    await until("matters")
    press("matter:elder_allowance")
    await until("guide")
    press("start")
  }
}
