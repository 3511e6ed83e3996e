// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Records

extension Conversation {
  /// Shows a scene and returns what she chose. `compose` is asked again whenever the
  /// scene must be drawn anew, and given what she has typed or picked so far.
  func ask(
    _ manners: Manners = .form, _ compose: (Choice?) -> SceneDraft
  ) async throws(VisitEnd) -> Choice {
    var held: Choice?
    let silence = manners.patience ?? patience.silence
    while true {
      if manners.card == .stays { try await cardIsThere() }
      // It may have come while something else was on the screen.
      if manners.awaitsCheck, let outcome = takeChecked() { return checked(outcome) }
      // Counted from before it is shown: nobody's patience begins later than her own.
      let deadline = deadline(seconds: silence)
      (_, _) = (readerChanged(), scannerChanged())
      if let late = takeLate() { held = late }
      await show(noting(compose(held), manners.card))
      noteAsked()
      switch try await hearOne(manners, silence: silence, deadline, &held) {
      case .answer(let choice):
        forgetReaderNews()
        _ = takeLate()
        return choice
      case .drawAnew: continue
      }
    }
  }

  private enum Heard {
    case answer(Choice)
    case drawAnew
  }

  /// Listens until the scene is answered or must be drawn anew.
  private func hearOne(
    _ manners: Manners, silence: Int, _ deadline: Int, _ held: inout Choice?
  ) async throws(VisitEnd) -> Heard {
    var deadline = deadline
    while true {
      switch try await next() {
      case .stage(.chosen(let choice)) where choice.scene == sceneID:
        if choice.value != nil || choice.values != nil { held = choice }
        deadline = self.deadline(seconds: silence)
        if choice.choice == "typing" { continue }
        return try await answer(choice, manners).map { .answer($0) } ?? .drawAnew
      case .card(let event):
        if let answer = try hear(event, manners) { return .answer(answer) }
        if needsRedraw(event, manners.card) { return .drawAnew }
      case .code(let event) where manners.takesCode:
        noteShown(event)
        return .answer(Choice(scene: sceneID, choice: "code"))
      case .news where manners.card.needsReader && readerChanged(): return .drawAnew
      case .news where manners.takesCode && scannerChanged(): return .drawAnew
      case .verdict where manners.tellsVerdict: return .drawAnew
      case .checked where manners.awaitsCheck:
        if let outcome = takeChecked() { return .answer(checked(outcome)) }
      case .beat where isPast(deadline):
        return try await silenceFell(manners.silence).map { .answer($0) } ?? .drawAnew
      default: continue
      }
    }
  }

  private func checked(_ outcome: IdentityOutcome) -> Choice {
    Choice(scene: sceneID, choice: "checked:\(outcome.rawValue)")
  }

  /// A visit stands on its card: taken away, on whatever scene, she is asked whether to go on.
  /// Over somebody else's card only her own goes on; what she filled in waits for it.
  ///
  /// One that came by code hangs on no card: it only waits while somebody else's lies there.
  private func cardIsThere() async throws(VisitEnd) {
    guard resident != nil else { return }
    while cameByCode ? othersLies : !hersLies && !goesOnWithoutCard {
      if othersLies {
        try await awaitHerCard()
      } else {
        goesOnWithoutCard = try await interlude { $0.cardTaken(seconds: self.patience.react) }
      }
    }
  }

  /// Until hers lies there again, or the other one is gone where she needs none. Each `wait`
  /// gives her the whole time anew.
  private func awaitHerCard() async throws(VisitEnd) {
    while cameByCode ? othersLies : !hersLies {
      try await interlude { $0.otherCard(byCode: self.cameByCode, seconds: self.patience.react) }
    }
  }

  /// The scene with what she should know of the reader: her visit goes on without it.
  private func noting(_ draft: SceneDraft, _ rule: CardRule) -> SceneDraft {
    guard rule == .stays, cardWasRead else { return draft }
    return writer.noting(reader, on: draft)
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
    case (.unreadable, .wanted), (.removed, _), (.presented, _): true
    default: false
    }
  }

  /// What a card event means to the scene; an answer when the scene wanted it.
  private func hear(_ event: CardEvent, _ manners: Manners) throws(VisitEnd) -> Choice? {
    switch (event, manners.card) {
    case (.removed, .leaving): return Choice(scene: sceneID, choice: "cardGone")
    case (.presented(let person, lying: false), .stays) where resident == nil: adopt(person)
    case (.presented(let person, lying: false), .wanted) where resident == nil:
      adopt(person)
      return Choice(scene: sceneID, choice: "cardRead")
    case (.presented, _) where othersLies:
      switch manners.stranger {
      case .ends: throw .ended
      case .answers(let name): return Choice(scene: sceneID, choice: name)
      case .asks, .waits: break
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

  /// A scene beside the way: `continue`, `wait` and `back` come back from it, and so does a
  /// change of whose card lies there; anything else ends the visit. True when she pressed.
  @discardableResult private func interlude(
    seconds: Int? = nil, _ compose: (SceneWriter) -> SceneDraft
  ) async throws(VisitEnd) -> Bool {
    let seconds = seconds ?? patience.react
    let lay = (hersLies, othersLies)
    var deadline = deadline(seconds: seconds)
    await show(compose(writer))
    while true {
      switch try await next() {
      case .stage(.chosen(let choice)) where choice.scene == sceneID:
        if ["continue", "wait", "back"].contains(choice.choice) { return true }
        if choice.choice == "end" { throw .ended }
        if choice.choice == "home" { throw .home }
        guard changeLook(choice) else { continue }
        deadline = self.deadline(seconds: seconds)
        await show(compose(writer))
      case .card where (hersLies && !lay.0) || (othersLies && !lay.1): return false
      case .card where cameByCode && lay.1 && !othersLies: return false
      case .beat where isPast(deadline): throw .silence
      default: continue
      }
    }
  }
}
