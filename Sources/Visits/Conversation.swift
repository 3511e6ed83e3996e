// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

/// What the desk hears, in the order in which it happened.
enum DeskEvent: Sendable {
  case stage(StageEvent)
  case card(CardEvent)
  case beat
  case news
  /// The centre's word on a filing, while its number is on the screen.
  case verdict(EnvelopeID, Verdict)
}

/// Why a visit came to its end before its last scene.
enum VisitEnd: Error, Hashable {
  /// She asked for the first page.
  case home
  /// Nobody answered the warning.
  case silence
  /// She took her card and ended it, or somebody else's card was put on.
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
  var writer: SceneWriter
  private(set) var sceneID: Int
  private(set) var visit: Int
  /// Whose visit it is; nil while nobody has put a card on.
  private(set) var resident: Resident?
  /// Some card lies on the reader.
  private(set) var cardLies = false
  /// Her own card lies there: what may be done in her name hangs on it.
  private(set) var hersLies = false
  /// She took it and said that she goes on without.
  var goesOnWithoutCard = false
  private(set) var cardUnreadable = false
  /// The centre's words on what was filed in this visit, as far as they came in time.
  private(set) var verdicts: [EnvelopeID: Verdict] = [:]

  init(
    events: AsyncStream<DeskEvent>, feed: AsyncStream<DeskEvent>.Continuation, stage: any Stage,
    heartbeat: Heartbeat, patience: Patience,
    writer: SceneWriter, first: Int
  ) {
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
    resident = nil
    verdicts = [:]
    (cardUnreadable, hersLies, goesOnWithoutCard) = (false, false, false)
    writer.look = Scene.Look()
    visit += 1
  }

  func adopt(_ resident: Resident) {
    self.resident = resident
    (cardLies, hersLies, cardUnreadable) = (true, true, false)
  }

  func show(_ draft: SceneDraft) async {
    sceneID += 1
    await stage.show(writer.finish(draft, id: sceneID, visit: visit))
  }

  /// The next thing heard. Keeps count of the cards, on whatever scene it comes: once her
  /// card was taken off, somebody else's ends her visit.
  func next() async throws(VisitEnd) -> DeskEvent {
    guard let event = await events.next(isolation: #isolation) else { throw .stopped }
    switch event {
    case .card(let card): try hear(card)
    case .verdict(let id, let verdict): verdicts[id] = verdict
    default: break
    }
    return event
  }

  private func hear(_ card: CardEvent) throws(VisitEnd) {
    switch card {
    case .removed: (cardLies, hersLies, cardUnreadable) = (false, false, false)
    case .unreadable: (cardLies, cardUnreadable) = (true, true)
    case .presented(let person, _):
      (cardLies, cardUnreadable) = (true, false)
      if let resident, person.idNumber != resident.idNumber {
        if !hersLies { throw .ended }
      } else if resident != nil {
        (hersLies, goesOnWithoutCard) = (true, false)
      }
    }
  }

  /// Hears of the centre's word on `filed` through `filing`, until the task is cancelled.
  func listen(for filed: Filed, in filing: any Filing) -> @Sendable () async -> Void {
    { [feed] in
      guard let verdict = await filing.verdict(on: filed) else { return }
      feed.yield(.verdict(filed.id, verdict))
    }
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
