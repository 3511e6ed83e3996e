// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

/// What the desk hears, in the order in which it happened.
enum DeskEvent: Sendable {
  case stage(StageEvent)
  case card(CardEvent)
  case beat
  case news
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
  private let stage: any Stage
  private let heartbeat: Heartbeat
  let patience: Patience
  var writer: SceneWriter
  private(set) var sceneID: Int
  private(set) var visit: Int
  /// Whose visit it is; nil while nobody has put a card on.
  private(set) var resident: Resident?
  /// Something lies on the reader that opens nothing until it was taken off.
  private(set) var cardLies = false
  private(set) var cardUnreadable = false

  init(
    events: AsyncStream<DeskEvent>, stage: any Stage, heartbeat: Heartbeat, patience: Patience,
    writer: SceneWriter, first: Int
  ) {
    self.events = events.makeAsyncIterator()
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
    cardUnreadable = false
    writer.look = Scene.Look()
    visit += 1
  }

  func adopt(_ resident: Resident) {
    self.resident = resident
    cardLies = true
    cardUnreadable = false
  }

  func show(_ draft: SceneDraft) async {
    sceneID += 1
    await stage.show(writer.finish(draft, id: sceneID, visit: visit))
  }

  func next() async throws(VisitEnd) -> DeskEvent {
    guard let event = await events.next(isolation: #isolation) else { throw .stopped }
    if case .card(.removed) = event {
      cardLies = false
      cardUnreadable = false
    }
    if case .card(.presented) = event { cardLies = true }
    if case .card(.unreadable) = event { (cardLies, cardUnreadable) = (true, true) }
    return event
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

/// What the card may do to the scene that is being asked.
enum CardRule {
  /// The visit needs its card: taken away, she is asked whether to go on.
  case stays
  /// This scene asks for a card; one that is put on answers it.
  case wanted
  /// All is done: the card may go.
  case free
}

/// What may happen while a scene is asked.
struct Manners {
  var card = CardRule.stays
  /// Going home loses nothing, so nobody asks whether she means it.
  var leavesAtOnce = false
  /// Seconds of silence before the warning; nil = as usual.
  var silence: Int?

  static let form = Manners()
  static let browsing = Manners(card: .stays, leavesAtOnce: true)
  static let done = Manners(card: .free, leavesAtOnce: true)

  /// The number stands on the screen: she may need a pen.
  static func number(_ patience: Patience) -> Manners {
    Manners(card: .free, leavesAtOnce: true, silence: patience.number)
  }

  static func farewell(_ patience: Patience) -> Manners {
    Manners(card: .free, leavesAtOnce: true, silence: patience.farewell)
  }
}

extension Conversation {
  /// Shows a scene and returns what she chose. `compose` is asked again whenever the
  /// scene must be drawn anew, and given what she has typed so far.
  func ask(
    _ manners: Manners = .form, _ compose: (String?) -> SceneDraft
  ) async throws(VisitEnd) -> Choice {
    var typed: String?
    let silence = manners.silence ?? patience.silence
    var deadline = deadline(seconds: silence)
    await show(compose(typed))
    while true {
      switch try await next() {
      case .stage(.chosen(let choice)) where choice.scene == sceneID:
        typed = choice.value ?? typed
        if choice.choice == "typing" {
          deadline = self.deadline(seconds: silence)
          continue
        }
        guard try await isAside(choice, manners) else { return choice }
      case .card(let event):
        if let answer = try await hear(event, manners.card) { return answer }
        guard needsRedraw(event, manners.card) else { continue }
      case .beat where isPast(deadline):
        try await interlude { $0.timeout(seconds: self.patience.react) }
      default: continue
      }
      deadline = self.deadline(seconds: silence)
      await show(compose(typed))
    }
  }

  /// Deals with the controls that every scene has; false when the choice is the scene's own.
  private func isAside(_ choice: Choice, _ manners: Manners) async throws(VisitEnd) -> Bool {
    if changeLook(choice) { return true }
    switch choice.choice {
    case "help": try await interlude(seconds: patience.silence) { $0.help() }
    case "home" where manners.leavesAtOnce: throw .home
    case "home": try await interlude(seconds: patience.silence) { $0.leaving() }
    default: return false
    }
    return true
  }

  /// Language, size of text, contrast: true when `choice` was one of them.
  func changeLook(_ choice: Choice) -> Bool {
    switch choice.choice {
    case "language": writer.look.language = writer.look.language == .zh ? .en : .zh
    case "size": writer.look.elder.toggle()
    case "contrast": writer.look.contrast.toggle()
    default: return false
    }
    return true
  }

  private func needsRedraw(_ event: CardEvent, _ rule: CardRule) -> Bool {
    switch event {
    case .unreadable: rule == .wanted
    case .removed: rule != .free
    case .presented: true
    }
  }

  /// What a card event means in the middle of a visit; an answer when the scene wanted it.
  private func hear(_ event: CardEvent, _ rule: CardRule) async throws(VisitEnd) -> Choice? {
    switch event {
    case .removed:
      if rule == .stays, resident != nil { try await cardTaken() }
    case .presented(let person, _):
      if resident == nil {
        adopt(person)
        if rule == .wanted { return Choice(scene: sceneID, choice: "cardRead") }
      } else if person.idNumber != resident?.idNumber, rule != .free {
        try await interlude { $0.otherCard(seconds: self.patience.react) }
      }
    case .unreadable: break
    }
    return nil
  }

  /// Her card is gone: putting it back or a touch goes on; nothing for 20 s ends it.
  private func cardTaken() async throws(VisitEnd) {
    try await interlude(goesOnWith: resident) { $0.cardTaken(seconds: self.patience.react) }
  }

  /// A scene beside the way: `continue` comes back, anything else ends the visit.
  private func interlude(
    goesOnWith person: Resident? = nil, seconds: Int? = nil, _ compose: (SceneWriter) -> SceneDraft
  ) async throws(VisitEnd) {
    let seconds = seconds ?? patience.react
    await show(compose(writer))
    var deadline = deadline(seconds: seconds)
    while true {
      switch try await next() {
      case .stage(.chosen(let choice)) where choice.scene == sceneID:
        if choice.choice == "continue" || choice.choice == "back" { return }
        if choice.choice == "end" { throw .ended }
        if choice.choice == "home" { throw .home }
        guard changeLook(choice) else { continue }
        await show(compose(writer))
        deadline = self.deadline(seconds: seconds)
      case .card(.presented(let back, _)) where person != nil:
        if back.idNumber == person?.idNumber { return }
        // Somebody else's card: the first one's answers must not meet it.
        throw .ended
      case .beat where isPast(deadline): throw .silence
      default: continue
      }
    }
  }
}
