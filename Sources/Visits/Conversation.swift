// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records
import Upkeep

/// What the desk hears, in the order in which it happened.
enum DeskEvent: Sendable {
  case stage(StageEvent)
  case card(CardEvent)
  case code(CodeEvent)
  case beat
  case news
  /// The centre's word on a filing, while its number is on the screen.
  case verdict(EnvelopeID, Verdict)
  /// What came of a check of who she is; the number tells which.
  case checked(Int, IdentityOutcome)
  /// Something that nobody need know.
  case unseen
}

/// Why a visit came to its end before its last scene.
enum VisitEnd: Error, Hashable {
  /// She asked for the first page.
  case home
  /// Nobody answered the warning.
  case silence
  /// She ended it, or somebody else stands there.
  case ended
  /// The terminal is shutting down.
  case stopped
}

/// The stage, the card and the beats as one talk: shows a scene, waits for what is done.
///
/// Belongs to the desk's one task. Whatever can happen on every scene (language, size,
/// help, silence, a card taken away, another card) is dealt with here, once.
final class Conversation {
  private var events: AsyncStream<DeskEvent>.Iterator
  private let feed: AsyncStream<DeskEvent>.Continuation
  private let stage: any Stage
  private let heartbeat: Heartbeat
  let patience: Patience
  let board: Board
  private let tellsRemoval: Bool
  var writer: SceneWriter
  private(set) var sceneID: Int
  /// How often something happened on the reader.
  private(set) var cardsHeard = 0
  /// The check that runs or ran last, and what came of it.
  private var check: (number: Int, outcome: IdentityOutcome?) = (0, nil)
  /// The question that stands, or stood before what interrupted it, and what was typed there
  /// up to its end and heard only afterwards.
  private var asked: (scene: Int, late: Choice?)?
  private(set) var visit: Int
  /// Whose visit it is; nil while nobody has put a card on.
  private(set) var resident: Resident?
  /// How sure the terminal is of her, by the card or code that she came with.
  private(set) var assurance = Assurance.none
  /// The code that answered the scene shown last.
  private var shown: CodeEvent?
  /// Some card lies on the reader.
  private(set) var cardLies = false
  /// Her own card lies there: what may be done in her name hangs on it.
  private(set) var hersLies = false
  /// Hers was gone, and a card of somebody else was put on since.
  private(set) var othersLies = false
  /// She took it and said that she goes on without.
  var goesOnWithoutCard = false
  private(set) var cardUnreadable = false
  /// What she knows of the reader: nothing while it works.
  private(set) var reader = ReaderNews.none
  /// The scanner worked when the last question was asked.
  private var scannerWorked = false
  /// The centre's words on what was filed in this visit, as far as they came in time.
  private(set) var verdicts: [EnvelopeID: Verdict] = [:]

  init(
    events: AsyncStream<DeskEvent>, feed: AsyncStream<DeskEvent>.Continuation, stage: any Stage,
    heartbeat: Heartbeat, patience: Patience,
    writer: SceneWriter, board: Board, tellsRemoval: Bool, first: Int
  ) {
    self.board = board
    self.tellsRemoval = tellsRemoval
    self.events = events.makeAsyncIterator()
    self.feed = feed
    self.stage = stage
    self.heartbeat = heartbeat
    self.patience = patience
    self.writer = writer
    sceneID = first
    visit = first
  }

  /// Forgets the visitor; the next scene belongs to the next visit.
  func forget() {
    (resident, assurance, shown) = (nil, .none, nil)
    verdicts = [:]
    (cardUnreadable, hersLies, othersLies, goesOnWithoutCard) = (false, false, false, false)
    (reader, asked) = (.none, nil)
    // Where nobody can see it, the next card that is put on is proof that none lies there.
    if !tellsRemoval { cardLies = false }
    writer.look = Scene.Look()
    visit += 1
  }

  func adopt(_ resident: Resident) {
    self.resident = resident
    assurance = cameByCode ? .personChecked : .cardRead
    guard !cameByCode else { return }
    (cardLies, hersLies, othersLies, cardUnreadable) = (true, true, false, false)
  }

  /// Her visit hangs on no card.
  var cameByCode: Bool { resident?.document == .heldCode }

  /// Her own card was read in this visit.
  var cardWasRead: Bool { resident != nil && !cameByCode }

  /// Keeps the code that answers the scene.
  func noteShown(_ event: CodeEvent) { shown = event }

  /// The code that answered the scene, once.
  func takeShown() -> CodeEvent? {
    defer { shown = nil }
    return shown
  }

  func show(_ draft: SceneDraft) async {
    sceneID += 1
    await stage.show(writer.finish(draft, id: sceneID, visit: visit))
  }

  /// A card that is taken off now would be seen.
  var seesCards: Bool { tellsRemoval && !board.readerIsAway }

  /// The next thing heard. Keeps count of the cards, on whatever scene it comes.
  func next() async throws(VisitEnd) -> DeskEvent {
    guard let event = await events.next(isolation: #isolation) else { throw .stopped }
    switch event {
    case .card(let card):
      cardsHeard += 1
      hear(card)
      // In mid-visit it means nothing where nobody can see it.
      if case .removed = card, !tellsRemoval, resident != nil { return .unseen }
    case .stage(.chosen(let choice)) where choice.choice == "typing" && choice.scene != sceneID:
      if choice.scene == asked?.scene { asked?.late = choice }
      return .unseen
    case .checked(let number, let outcome):
      if number == check.number { check.outcome = outcome }
    case .verdict(let id, let verdict): verdicts[id] = verdict
    default: break
    }
    return event
  }

  private func hear(_ card: CardEvent) {
    switch card {
    case .removed where !tellsRemoval: cardLies = false
    case .removed:
      (cardLies, hersLies, othersLies, cardUnreadable) = (false, false, false, false)
      board.remark(Board.reader, nil)
    case .unreadable: (cardLies, cardUnreadable) = (true, true)
    case .presented(let person, let lying):
      (cardLies, cardUnreadable) = (true, false)
      if !lying { board.remark(Board.reader, nil) }
      guard let resident else { return }
      hersLies = person.idNumber == resident.idNumber
      othersLies = !hersLies
      goesOnWithoutCard = false
    }
  }

  /// Tells staff, with the time and no name, that a card lies there and nobody takes it.
  func reportCardLeft(at time: QualifiedTime) {
    board.remark(
      Board.reader, seesCards ? .cardLeft : .cardMayLie,
      places: ["time": time.quality == .unknown ? "--:--" : LocalTime.clock(time.at)])
  }

  /// Looks whether the reader went or came back; true when that is news to her.
  func readerChanged() -> Bool {
    switch (board.readerIsAway, reader) {
    case (true, .none), (true, .back): reader = .away
    case (false, .away): reader = .back
    default: return false
    }
    return true
  }

  /// Looks whether the scanner went or came back since the last question.
  func scannerChanged() -> Bool {
    defer { scannerWorked = board.scannerWorks }
    return scannerWorked != board.scannerWorks
  }

  /// She has read that the reader is back.
  func forgetReaderNews() {
    if reader == .back { reader = .none }
  }

  /// Hears of the centre's word on `filed` through `filing`, until the task is cancelled.
  func listen(for filed: Filed, in filing: any Filing) -> @Sendable () async -> Void {
    { [feed] in
      guard let verdict = await filing.verdict(on: filed) else { return }
      feed.yield(.verdict(filed.id, verdict))
    }
  }

  /// Hears what comes of `question`, until the task is cancelled.
  func listen(to question: @escaping @Sendable () async -> IdentityOutcome) -> @Sendable () async -> Void {
    check = (check.number + 1, nil)
    return { [feed, number = check.number] in feed.yield(.checked(number, await question())) }
  }

  /// What came of the check that runs, once.
  func takeChecked() -> IdentityOutcome? {
    defer { check.outcome = nil }
    return check.outcome
  }

  /// The scene shown last asks something.
  func noteAsked() { asked = (sceneID, nil) }

  /// What was typed when the question was interrupted, if it came late.
  func takeLate() -> Choice? {
    defer { asked = nil }
    return asked?.late
  }

  func deadline(seconds: Int) -> Int { heartbeat.now + seconds * Heartbeat.beatsPerSecond }

  func isPast(_ deadline: Int) -> Bool { heartbeat.now >= deadline }

  /// Waits until the page says it has drawn the scene shown last; false when it does not.
  func awaitDrawn() async throws(VisitEnd) -> Bool {
    let deadline = deadline(seconds: patience.drawn)
    while !isPast(deadline) {
      if case .stage(.drawn(let id)) = try await next(), id == sceneID { return true }
    }
    return false
  }
}
