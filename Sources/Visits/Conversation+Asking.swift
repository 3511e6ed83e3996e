// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

extension Conversation {
  /// Shows a scene and returns what she chose. `compose` is asked again whenever the
  /// scene must be drawn anew, and given what she has typed so far.
  func ask(
    _ manners: Manners = .form, _ compose: (String?) -> SceneDraft
  ) async throws(VisitEnd) -> Choice {
    var typed: String?
    let silence = manners.patience ?? patience.silence
    var deadline = deadline(seconds: silence)
    await show(compose(typed))
    while true {
      switch try await next() {
      case .stage(.chosen(let choice)) where choice.scene == sceneID:
        typed = choice.value ?? typed
        deadline = self.deadline(seconds: silence)
        if choice.choice == "typing" { continue }
        if let answer = try await answer(choice, manners) { return answer }
      case .card(let event):
        if let answer = try await hear(event, manners.card) { return answer }
        guard needsRedraw(event, manners.card) else { continue }
      case .beat where isPast(deadline):
        if let answer = try await silenceFell(manners.silence) { return answer }
      default: continue
      }
      deadline = self.deadline(seconds: silence)
      await show(compose(typed))
    }
  }

  /// The scene's own choices come back; those that every scene has are dealt with here.
  private func answer(_ choice: Choice, _ manners: Manners) async throws(VisitEnd) -> Choice? {
    if changeLook(choice) { return nil }
    switch (choice.choice, manners.home) {
    case ("help", _): try await help()
    case ("home", .leaves): throw .home
    case ("home", .asks): try await interlude(seconds: patience.silence) { $0.leaving() }
    case ("home", .answers(let name)): return Choice(scene: sceneID, choice: name)
    default: return choice
    }
    return nil
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

  private func silenceFell(_ rule: Manners.Silence) async throws(VisitEnd) -> Choice? {
    switch rule {
    case .ends: try await interlude { $0.timeout(seconds: self.patience.react) }
    case .answers(let name): return Choice(scene: sceneID, choice: name)
    case .goesOn(let name):
      do throws(VisitEnd) {
        try await interlude { $0.timeoutSaved(seconds: self.patience.react) }
      } catch {
        if error == .stopped { throw error }
        return Choice(scene: sceneID, choice: name)
      }
    }
    return nil
  }

  private func needsRedraw(_ event: CardEvent, _ rule: CardRule) -> Bool {
    switch (event, rule) {
    case (.unreadable, .wanted), (.removed, .stays), (.removed, .wanted), (.presented, _): true
    default: false
    }
  }

  /// What a card event means in the middle of a visit; an answer when the scene wanted it.
  private func hear(_ event: CardEvent, _ rule: CardRule) async throws(VisitEnd) -> Choice? {
    switch (event, rule) {
    case (.removed, .stays):
      if let resident { try await interlude(goesOnWith: resident) { $0.cardTaken(seconds: self.patience.react) } }
    case (.removed, .leaving): return Choice(scene: sceneID, choice: "cardGone")
    case (.presented(let person, _), .stays), (.presented(let person, _), .wanted):
      if resident == nil {
        adopt(person)
        if rule == .wanted { return Choice(scene: sceneID, choice: "cardRead") }
      } else if person.idNumber != resident?.idNumber {
        try await interlude { $0.otherCard(seconds: self.patience.react) }
      }
    default: break
    }
    return nil
  }

  /// Reading the help ends nothing: she may be on the telephone.
  private func help() async throws(VisitEnd) {
    let deadline = deadline(seconds: patience.number)
    await show(writer.help())
    while !isPast(deadline) {
      guard case .stage(.chosen(let choice)) = try await next(), choice.scene == sceneID else { continue }
      if ["continue", "back", "home"].contains(choice.choice) { return }
      if changeLook(choice) { await show(writer.help()) }
    }
  }

  /// A scene beside the way: `continue` comes back, anything else ends the visit. With
  /// `person` her card, put back, goes on too.
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
