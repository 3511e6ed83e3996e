// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Records

/// Raises the assurance to what a matter asks, where this terminal can and she wants it. What is
/// not reached here is checked later: the application is filed all the same and says so.
struct IdentityStep {
  let furniture: Desk.Furniture
  let talk: Conversation
  let matter: Matter

  /// How a person or an organisation is checked.
  enum Way: String {
    case face, licence
  }

  /// So often may she try.
  private static let tries = 2

  /// The level reached; nil when she goes back.
  func run() async throws(VisitEnd) -> Assurance? {
    guard talk.assurance < matter.auth.method.assurance, let way else { return talk.assurance }
    for attempt in 1...Self.tries {
      guard try await agrees(way, again: attempt > 1) else { break }
      if try await check(way) == .confirmed { return matter.auth.method.assurance }
    }
    let choice = try await talk.ask(.form) { _ in talk.writer.checkedLater(matter) }
    return choice.choice == "back" ? nil : talk.assurance
  }

  private var way: Way? {
    switch matter.auth.method {
    case .none: nil
    case .idCardFace: furniture.face.isOffered && talk.hersLies ? .face : nil
    case .eLicence: furniture.licence.isOffered ? .licence : nil
    }
  }

  /// Asked each time anew, before anything looks at her.
  private func agrees(_ way: Way, again: Bool) async throws(VisitEnd) -> Bool {
    let choice = try await talk.ask(.form) { _ in talk.writer.consent(way, matter, again: again) }
    return choice.choice == "agree"
  }

  /// What came of it, as far as it is about her: while it ran, her card lay there untouched.
  private func check(_ way: Way) async throws(VisitEnd) -> IdentityOutcome {
    let cards = talk.cardsHeard
    let running: @Sendable () async -> Void =
      switch way {
      case .face: talk.listen(to: furniture.face.compare)
      case .licence: talk.listen(to: furniture.licence.confirm)
      }
    // As long as the scene stands and no longer: the way out cancels it.
    async let _ = running()
    let choice = try await talk.ask(.checking(talk.patience)) { _ in talk.writer.checking(way, matter) }
    guard talk.cardsHeard == cards else { return .noAnswer }
    return choice.suffix("checked:").flatMap(IdentityOutcome.init(rawValue:)) ?? .noAnswer
  }
}

extension Auth.Method {
  /// The level at which a matter that asks this may be granted.
  var assurance: Assurance {
    switch self {
    case .none: .none
    case .idCardFace: .personChecked
    case .eLicence: .organisationChecked
    }
  }
}

/// Agreeing to a check, and what is said when there was none.
extension SceneWriter {
  func consent(_ way: IdentityStep.Way, _ matter: Matter, again: Bool) -> SceneDraft {
    let name = "identity.\(way.rawValue)"
    var draft = SceneDraft("consent", title: self(again ? "\(name)-again" : "\(name)-title"))
    draft.here = matter.name.text(language)
    draft.step = .fill
    draft.lead = self("\(name)-lead")
    draft.body = [
      .say(Part.Say(tone: .ok, icon: "lock", title: nil, text: self("\(name)-kept"))),
      .say(Part.Say(tone: .rest, icon: "info", title: nil, text: self("identity.other-ways"))),
    ]
    // Of equal weight: refusing costs nothing.
    draft.act = [
      .buttons([
        button("agree", "\(name)-agree", icon: way == .face ? "camera" : "scan"),
        button("other", "identity.other", icon: "next"),
      ])
    ]
    draft.next = self("\(name)-next")
    return draft
  }

  func checking(_ way: IdentityStep.Way, _ matter: Matter) -> SceneDraft {
    let name = "identity.\(way.rawValue)"
    var draft = SceneDraft("checking", title: self("\(name)-now"))
    draft.here = matter.name.text(language)
    draft.step = .fill
    draft.lead = self("\(name)-now-lead")
    draft.act = [.buttons([button("other", "identity.other", icon: "next")])]
    draft.next = self("identity.now-next")
    return draft
  }

  /// Nothing is held against her: it is checked later, elsewhere.
  func checkedLater(_ matter: Matter) -> SceneDraft {
    var draft = SceneDraft("checkedLater", title: self("identity.later"))
    draft.here = matter.name.text(language)
    draft.step = .fill
    draft.lead = self("identity.later-lead")
    draft.body = [
      .say(
        Part.Say(
          tone: .heed, icon: "info", title: self("slip.identity-card-read"),
          text: self("identity.later-text", ["phone": settings.site.phone])))
    ]
    draft.back = true
    draft.act = [.buttons([main("goOn", "identity.go-on", icon: "next")])]
    draft.next = self("identity.later-next")
    return draft
  }
}
