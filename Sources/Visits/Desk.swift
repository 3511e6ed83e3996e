// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Paper
import Records
import Synchronization
import Upkeep

/// Serves one resident at a time, from card to farewell.
///
/// One task, one loop: the order of a visit is the order of the lines in `Visit`.
public struct Desk: Sendable {
  /// What the desk works with; the executables name the real things.
  public struct Furniture: Sendable {
    public var stage: any Stage
    public var reader: any CardReader
    public var filing: any Filing
    public var sealer: any Sealer
    public var face: any FaceCheck
    public var licence: any LicenceCheck
    public var codes: ResidentCodes
    public var press: SlipPress
    public var board: Board
    /// The catalogue in force now; a visit asks once, as it begins, and keeps what it got.
    public var catalogue: @Sendable () -> Catalogue
    public var words: Words
    public var settings: Settings
    public var clock: any WallTime
    public var chance: any RandomSource
    /// SHA-256 of number and claim code, as the centre compares it.
    public var claimHash: @Sendable (CaseNumber, ClaimCode) -> String
    /// A QR code as rows of `0` and `1`.
    public var code: @Sendable (String) -> [String]?

    public init(
      stage: any Stage, reader: any CardReader, filing: any Filing, sealer: any Sealer,
      face: any FaceCheck, licence: any LicenceCheck, codes: ResidentCodes,
      press: SlipPress, board: Board, catalogue: @escaping @Sendable () -> Catalogue,
      words: Words, settings: Settings, clock: any WallTime, chance: any RandomSource,
      claimHash: @escaping @Sendable (CaseNumber, ClaimCode) -> String,
      code: @escaping @Sendable (String) -> [String]?
    ) {
      self.stage = stage
      self.reader = reader
      self.filing = filing
      self.sealer = sealer
      self.face = face
      self.licence = licence
      self.codes = codes
      self.press = press
      self.board = board
      self.catalogue = catalogue
      self.words = words
      self.settings = settings
      self.clock = clock
      self.chance = chance
      self.claimHash = claimHash
      self.code = code
    }

    var clerk: Clerk {
      Clerk(filing: filing, sealer: sealer, chance: chance, claimHash: claimHash)
    }
  }

  private let furniture: Furniture
  private let patience: Patience
  private let heartbeat = Heartbeat()
  private let attendance = Attendance()
  /// Yields now and then while nobody is served.
  private let quietTimes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

  public init(_ furniture: Furniture, patience: Patience = Patience()) {
    self.furniture = furniture
    self.patience = patience
  }

  /// Nobody is served at this moment.
  public var isIdle: Bool { attendance.isIdle }

  /// Serves until the task is cancelled.
  ///
  /// - Parameter beats: four a second (`Heartbeat.beatsPerSecond`).
  public func serve(beats: AsyncStream<Void>) async {
    let (events, feed) = AsyncStream.makeStream(of: DeskEvent.self)
    await withTaskGroup(of: Void.self) { group in
      let (stage, reader, board) = (furniture.stage.events(), furniture.reader, furniture.board)
      let heartbeat = heartbeat
      group.addTask { for await event in stage { feed.yield(.stage(event)) } }
      let scanner = furniture.codes.scanner
      group.addTask { await reader.run { feed.yield(.card($0)) } }
      group.addTask { await scanner.run { feed.yield(.code($0)) } }
      group.addTask { for await _ in board.changes() { feed.yield(.news) } }
      group.addTask { await lookAfterPrinter() }
      group.addTask {
        for await _ in beats {
          heartbeat.beat()
          feed.yield(.beat)
        }
      }
      await attend(events, feed)
      group.cancelAll()
    }
  }

  /// Knows before anybody files whether there is paper: asks at the start, and again and
  /// again while something was wrong and nobody is served.
  private func lookAfterPrinter() async {
    let question = { SlipJob(chance: furniture.chance.bytes(16)) }
    await furniture.press.check(job: question())
    for await _ in quietTimes.stream where !furniture.board.canPrint {
      await furniture.press.check(job: question())
    }
  }

  /// Filings of a former life whose number nobody knows to have been told: said so, so
  /// that the centre can flag them. Runs before anybody is served.
  public func settleUntold() async throws(StoreFault) {
    for filed in try await furniture.filing.untold() {
      try await furniture.clerk.tell(.unknown, of: filed)
    }
  }

  private func attend(
    _ events: AsyncStream<DeskEvent>, _ feed: AsyncStream<DeskEvent>.Continuation
  ) async {
    let writer = SceneWriter(
      words: furniture.words, settings: furniture.settings, clock: furniture.clock,
      board: furniture.board, knowsCodes: furniture.codes.verifier.isOffered)
    // Neither scenes nor visits of a former life of the process are taken for ours.
    let seed = furniture.chance.bytes(4).reduce(0) { $0 << 8 | Int($1) }
    let talk = Conversation(
      events: events, feed: feed, stage: furniture.stage, heartbeat: heartbeat, patience: patience,
      writer: writer, board: furniture.board, tellsRemoval: furniture.reader.tellsRemoval, first: seed)
    while true {
      do throws(VisitEnd) {
        // What a former life left untold, or what a full disk kept from being told.
        try? await settleUntold()
        let idle = Idle(
          board: furniture.board, clock: furniture.clock, quiet: quietTimes.continuation,
          codes: furniture.codes)
        attendance.set(idle: true)
        defer { attendance.set(idle: false) }
        let opening = try await idle.wait(talk)
        attendance.set(idle: false)
        try await Visit(furniture: furniture, catalogue: furniture.catalogue(), talk: talk)
          .serve(opening)
      } catch {
        if error == .stopped { return }
      }
      talk.forget()
    }
  }
}

/// Whether somebody is served, for those who would rather not disturb.
private final class Attendance: Sendable {
  private let idle = Mutex(false)

  var isIdle: Bool { idle.withLock { $0 } }

  func set(idle new: Bool) { idle.withLock { $0 = new } }
}
