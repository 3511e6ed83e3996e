// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import Upkeep

/// What stands in the way of a filing, as the first page must say it.
struct Arrival {
  /// By which the roof and the notices speak.
  var time: QualifiedTime
  var cardLies = false
  var readerRests = false
  /// The weightiest first.
  var troubles: [Trouble] = []
}

/// Why her card is asked for, and what stands in its way.
enum CardAsk: Hashable {
  case first
  /// One lay there and could not be read.
  case again
  /// One lies there that nobody has put on before our eyes.
  case otherLies
  case readerAway
  /// It works again: now she can put her card on.
  case readerBack

  var key: String {
    switch self {
    case .first: "title"
    case .again: "again"
    case .otherLies: "other-lies"
    case .readerAway: "away"
    case .readerBack: "back"
    }
  }

  /// It changed before her eyes, so it is rung too.
  var isNews: Bool {
    switch self {
    case .first, .again, .otherLies: false
    case .readerAway, .readerBack: true
    }
  }
}

/// Before a matter is chosen.
extension SceneWriter {
  func idle(_ arrival: Arrival) -> SceneDraft {
    var draft = SceneDraft("idle", title: self("idle.title"), layout: .idle)
    draft.isFirst = true
    draft.time = arrival.time
    draft.read = [.notices(notices), .drawing(drawing("gate"))] + sayings(arrival.troubles)
    if !arrival.readerRests {
      let beside = arrival.cardLies ? "idle.card-lies" : "idle.place-card"
      draft.read.append(.drawing(drawing("cardline", beside: beside)))
    }
    draft.act = [
      .tiles(tiles),
      .buttons([
        Part.Button(choice: "feedback", text: self("idle.feedback"), icon: "say", style: .small),
        Part.Button(choice: "stuck", text: self("idle.stuck"), icon: "stuck", style: .small),
      ]),
    ]
    return draft
  }

  /// So many are said whole. Of what weighs less a word stands here, and the rest where it
  /// matters: the roof, the number and the slip speak of the time and of paper themselves.
  private static let saidWhole = 2

  private func sayings(_ troubles: [Trouble]) -> [Part] {
    let whole = troubles.prefix(Self.saidWhole).map { Part.say(saying($0)) }
    let rest = troubles.dropFirst(Self.saidWhole)
    guard !rest.isEmpty else { return whole }
    let list = rest.map { self("idle.brief-\($0.item)") }.joined(separator: self("idle.also-comma"))
    return whole + [
      .say(Part.Say(tone: .rest, icon: "info", title: nil, text: self("idle.also", ["list": list])))
    ]
  }

  private func saying(_ trouble: Trouble) -> Part.Say {
    switch trouble.problem {
    case .centreUnreachable:
      Part.Say(tone: .heed, icon: "netoff", title: self("idle.offline"), text: self("idle.offline-may"))
    case let problem where trouble.item == Board.centre:
      Part.Say(tone: .heed, icon: "send", title: self("idle.held"), text: self(problem.residentKey))
    case let problem:
      Part.Say(tone: .rest, icon: "info", title: nil, text: self(problem.residentKey))
    }
  }

  private var notices: [Part.Notice] {
    let site = settings.site
    return [
      Part.Notice(icon: "clock", term: self("notice.hours"), text: site.counterHours.text(language)),
      Part.Notice(icon: "phone", term: self("notice.phone"), text: site.phone),
      Part.Notice(
        icon: "moon", term: self("notice.night"), text: self("notice.call", ["phone": site.nightPhone])),
      Part.Notice(icon: "pin", term: self("notice.nearest"), text: site.nearest.text(language)),
    ]
  }

  private var tiles: [Part.Tile] {
    func tile(_ choice: String, icon: String, _ style: Part.Tile.Style, note: String) -> Part.Tile {
      Part.Tile(choice: choice, icon: icon, title: self("idle.\(choice)"), text: self(note), style: style)
    }
    return [
      canFile
        ? tile("apply", icon: "pen", .main, note: applyNote)
        : tile("apply", icon: "pen", .rest, note: "idle.apply-rests"),
      tile("guide", icon: "book", .normal, note: "idle.guide-note"),
      tile("print", icon: "print", .rest, note: "idle.rest-note"),
      tile("progress", icon: "track", .rest, note: "idle.progress-note"),
      tile("ticket", icon: "ticket", .rest, note: "idle.rest-note"),
    ]
  }

  private var applyNote: String {
    if readerIsAway { return offersCodes ? "idle.apply-note-code" : "idle.apply-note-no-reader" }
    return switch centreProblem {
    case nil: "idle.apply-note"
    case .centreUnreachable: "idle.apply-note-offline"
    default: "idle.apply-note-held"
    }
  }

  func drawing(_ name: String, beside: String? = nil) -> Part.Drawing {
    Part.Drawing(name: name, text: self("drawing.\(name)"), beside: beside.map { self($0) })
  }

  /// A tile that rests says what to do instead.
  func resting(_ what: String) -> SceneDraft {
    var draft = SceneDraft("resting", title: self("resting.\(what)"))
    draft.back = true
    draft.body = [
      .say(
        Part.Say(
          tone: .rest, icon: "info", title: nil,
          text: self("resting.\(what)-instead", ["phone": settings.site.phone])))
    ]
    draft.act = [.buttons([main("back", "resting.back")])]
    draft.next = self("resting.next")
    return draft
  }

  /// - Parameters:
  ///   - codes: a code may be shown instead.
  ///   - fault: what was wrong with the one shown last.
  func card(_ ask: CardAsk, codes: Bool = false, _ fault: CodeFault? = nil) -> SceneDraft {
    var draft = SceneDraft("card", title: self("card.\(ask.key)"), layout: .parts)
    draft.here = self("card.here")
    draft.there = self("card.there")
    draft.lead = self("card.\(ask.key)-lead")
    draft.back = true
    let guide = Part.buttons([button("guide", "card.guide-only", icon: "book")])
    if ask == .readerAway {
      draft.act = [.heading(self("card.meanwhile")), guide]
      draft.body = otherWays
      draft.next = self("card.away-next")
    } else {
      draft.act = [.heading(self("card.without")), guide]
      draft.body = [.drawing(drawing("place-card"))]
      draft.next = self("card.next")
    }
    draft.chimes = ask.isNews
    if codes || fault != nil { offer(ask, fault, on: &draft) }
    return draft
  }

  /// What can be done while no card can be read.
  private var otherWays: [Part] {
    func fact(_ icon: String, _ key: String, _ text: String) -> Part.Fact {
      Part.Fact(icon: icon, term: self(key), lines: [Part.Fact.Line(icon: nil, text: text)], small: nil)
    }
    let site = settings.site
    let counter = self(
      "card.away-counter-text", ["hours": site.counterHours.text(language), "phone": site.phone])
    return [
      .facts([
        fact("person", "card.away-counter", counter),
        fact("phone", "notice.night", self("notice.call", ["phone": site.nightPhone])),
        fact("pin", "notice.nearest", site.nearest.text(language)),
      ])
    ]
  }

  /// Above the scene that stands: she goes on, whatever becomes of the reader.
  func noting(_ news: ReaderNews, on draft: SceneDraft) -> SceneDraft {
    guard news != .none else { return draft }
    var draft = draft
    let text = self(news == .away ? "reader.away" : "reader.back")
    draft.read.insert(
      .say(
        Part.Say(
          tone: news == .away ? .heed : .ok, icon: news == .away ? "info" : "okay", title: nil, text: text)),
      at: 0)
    draft.news = [text, draft.news].compactMap { $0 }.joined(separator: language == .zh ? "" : " ")
    return draft
  }

  /// Without her name: anybody may stand behind her.
  func greeting(_ featured: [Matter]) -> SceneDraft {
    var draft = SceneDraft("greeting", title: self("greeting.title"))
    draft.here = self("greeting.here")
    draft.lead = self("greeting.lead")
    draft.read = [.say(Part.Say(tone: .ok, icon: "lock", title: nil, text: self("greeting.kept")))]
    if !featured.isEmpty {
      draft.body = [.heading(self("greeting.featured")), .results(featured.map(result))]
    }
    draft.act = [.buttons([main("find", "greeting.find", icon: "next")])]
    draft.next = self("greeting.next")
    return draft
  }
}

/// Beside the way.
extension SceneWriter {
  func help() -> SceneDraft {
    var draft = SceneDraft("help", title: self("help.title"))
    draft.back = true
    draft.lead = self("help.lead")
    let terminal = Part.Notice(
      icon: "pin", term: self("help.terminal"), text: settings.site.terminal.text(language))
    draft.body = [.notices([terminal] + notices.prefix(3))]
    draft.act = [.buttons([main("continue", "help.back")])]
    return draft
  }

  func leaving() -> SceneDraft { question("leaving", tone: .heed) }

  func timeout(seconds: Int) -> SceneDraft { question("timeout", tone: .heed, seconds: seconds) }

  /// The same, when the application is safe and only the screen goes on.
  func timeoutSaved(seconds: Int) -> SceneDraft {
    var draft = question("timeout", tone: .heed, seconds: seconds)
    draft.lead = self("timeout.saved-lead")
    draft.next = self("timeout.saved-next")
    return draft
  }

  func cardTaken(seconds: Int) -> SceneDraft { question("cardTaken", tone: .heed, seconds: seconds) }

  /// Only her own card goes on from here, so that nobody else sees what she filled in. A visit
  /// that came by code goes on once the other card is gone.
  func otherCard(byCode: Bool, seconds: Int) -> SceneDraft {
    var draft = question("otherCard", tone: .heed, seconds: seconds)
    draft.layout = .parts
    if byCode { draft.lead = self("otherCard.lead-code") }
    draft.body = [.drawing(drawing(byCode ? "take-card" : "place-card"))]
    draft.act = [
      .buttons([main("wait", "otherCard.wait", icon: "clock"), button("end", "otherCard.end")])
    ]
    return draft
  }

  private func question(_ name: String, tone: Tone, seconds: Int? = nil) -> SceneDraft {
    var draft = SceneDraft(name, title: self("\(name).title"))
    draft.lead = self("\(name).lead")
    draft.countdown = seconds
    draft.chimes = seconds != nil
    draft.next = self("\(name).next")
    draft.act = [.buttons([main("continue", "\(name).continue"), button("end", "\(name).end")])]
    return draft
  }

  /// Something went wrong and nothing was filed.
  func trouble(_ name: String) -> SceneDraft {
    var draft = SceneDraft("trouble", title: self("trouble.\(name).title"))
    draft.body = [
      .say(
        Part.Say(
          tone: .wrong, icon: "wrong", title: self("trouble.\(name).what"),
          text: self("trouble.\(name).do", ["phone": settings.site.phone])))
    ]
    draft.act = [.buttons([main("home", "trouble.home")])]
    return draft
  }
}
