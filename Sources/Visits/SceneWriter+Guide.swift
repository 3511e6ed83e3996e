// SPDX-License-Identifier: Apache-2.0

import Matters
import Records

/// A page of matters under one heading.
struct MatterPage {
  var group: LifeEvent
  var matters: [Matter]
  var page: Int
  var pages: Int
}

/// Finding a matter, reading its guide, and what must be said before the first question.
extension SceneWriter {
  func find(_ catalogue: Catalogue) -> SceneDraft {
    var draft = SceneDraft("find", title: self("find.title"))
    draft.here = self("find.here")
    draft.lead = self("find.lead", ["count": String(catalogue.matters.count)])
    draft.back = true
    let groups = catalogue.lifeEvents().map { event in
      let all = catalogue.matters(in: event)
      let here = all.filter(\.canBeDeposited).count
      return Part.Result(
        choice: "group:\(event.rawValue)", title: self(event.key),
        why: self(all.count == 1 ? "find.one" : "find.count", ["count": String(all.count)]),
        tag: here == 0
          ? nil : Tag(tone: .ok, icon: "okay", text: self("find.here-count", ["count": String(here)])))
    }
    draft.body = [.results(groups)]
    return draft
  }

  private var mayTag: Tag { Tag(tone: .ok, icon: "okay", text: self("matters.may")) }

  /// A matter as a row that leads to its guide.
  func result(_ matter: Matter) -> Part.Result {
    Part.Result(
      choice: "matter:\(matter.id)", title: matter.name.text(language),
      why: matter.summary.text(language),
      tag: matter.canBeDeposited
        ? mayTag : Tag(tone: .rest, icon: "book", text: self("matters.guide")))
  }

  func matters(_ page: MatterPage) -> SceneDraft {
    var draft = SceneDraft("matters", title: self(page.group.key))
    draft.here = self("find.here")
    if page.pages > 1 {
      draft.there = self(
        "matters.there", ["page": String(page.page + 1), "pages": String(page.pages)])
    }
    draft.back = true
    draft.body = [.results(page.matters.map(result))]
    var turns: [Part.Button] = []
    if page.page > 0 { turns.append(button("page:previous", "matters.previous", icon: "left")) }
    if page.page + 1 < page.pages { turns.append(button("page:next", "matters.next", icon: "right")) }
    draft.act = turns.isEmpty ? [] : [.buttons(turns)]
    return draft
  }

  func guide(_ matter: Matter, department: Department?, cardRead: Bool) -> SceneDraft {
    let may = matter.canBeDeposited && canFile
    var draft = SceneDraft("guide", title: matter.name.text(language), layout: .parts)
    draft.here = self("find.here")
    draft.step = may ? .guide : nil
    draft.back = true
    draft.read = [.say(verdict(matter, may: may))]
    if language == .en {
      draft.read.append(.note(self("guide.chinese-prevails", ["name": matter.nameZh])))
    }
    draft.body = [.facts(facts(matter, department: department, cardRead: cardRead, may: may))]
    draft.act = may ? [.buttons([main("start", "guide.start", icon: "next")])] : []
    draft.next = self(may ? "guide.next" : "guide.next-none")
    return draft
  }

  private func verdict(_ matter: Matter, may: Bool) -> Part.Say {
    Part.Say(
      tone: may ? .ok : .rest, icon: may ? "okay" : "info",
      title: self(may ? "guide.may" : "guide.may-not"),
      text: may
        ? self("guide.may-text", ["minutes": String(matter.kiosk.estimatedMinutes)])
        : self("guide.may-not-text", ["phone": settings.site.phone]))
  }

  private func facts(
    _ matter: Matter, department: Department?, cardRead: Bool, may: Bool
  ) -> [Part.Fact] {
    func fact(_ icon: String, _ key: String, _ lines: [String], small: String? = nil) -> Part.Fact {
      Part.Fact(
        icon: icon, term: self(key), lines: lines.map { Part.Fact.Line(icon: nil, text: $0) },
        small: small)
    }
    // The guide speaks of the visit to come: the card will have been read by then.
    let materials = MaterialPlan(matter: matter, answers: [:], cardRead: true).items.map { item in
      Part.Fact.Line(
        icon: !may ? nil : item.way == nil || item.way == .toFollow ? "pen" : "check",
        text: may ? text(of: item, cardRead: cardRead) : item.material.name.text(language))
    }
    let condition = matter.acceptConditionZh
    let who = condition.isEmpty ? matter.summary.text(language) : condition
    var facts = [fact("person", "guide.who", [who])]
    if !materials.isEmpty {
      facts.append(Part.Fact(icon: "folder", term: self("guide.materials"), lines: materials, small: nil))
    }
    if let limit = matter.limits.promised ?? matter.limits.statutory {
      facts.append(
        fact(
          "clock", "guide.time", [limit.text(words, language)],
          small: limit.value > 0 ? self("guide.from-acceptance") : nil))
    }
    facts.append(fact("yuan", "guide.fee", matter.fee.lines(words, language)))
    facts.append(
      fact("sheet", "guide.result", [language == .zh ? matter.result.nameZh : matter.result.nameEn]))
    let place = language == .zh ? department?.nameZh : department?.nameEn
    facts.append(fact("pin", "guide.where", [self("guide.where-text", ["department": place ?? ""])]))
    if may {
      let clock = matter.isLicence ? "slip.line-clock-licence" : "slip.line-clock"
      facts.append(fact("track", "guide.after", [self(clock)]))
    }
    return facts
  }

  /// How one material is provided, in a sentence.
  func text(of item: MaterialPlan.Item, cardRead: Bool) -> String {
    let key =
      switch item.way {
      case nil: "material.bring"
      case .cardRead where !cardRead: "material.card"
      case .some(let way): "material.\(way.rawValue)"
      }
    return self(key, ["name": item.material.name.text(language)])
  }

  /// 预存申报: what it is, said before the first question.
  func deposit(_ matter: Matter) -> SceneDraft {
    var draft = SceneDraft("deposit", title: self("deposit.title"))
    draft.here = matter.name.text(language)
    draft.step = .fill
    draft.lead = self("deposit.lead")
    draft.read = chinesePrevails
    draft.back = true
    func fact(_ icon: String, _ key: String, _ text: String) -> Part.Fact {
      Part.Fact(
        icon: icon, term: self(key), lines: [Part.Fact.Line(icon: nil, text: text)], small: nil)
    }
    draft.body = [
      .facts([
        fact("lock", "deposit.kept", self("deposit.kept-text")),
        fact("send", "deposit.sent", self("deposit.sent-text")),
        fact("okay", "deposit.checked", matter.kiosk.offlineReason?.text(language) ?? ""),
        fact("info", "deposit.not", self(canPrint ? "deposit.not-text" : "deposit.not-text-no-paper")),
      ])
    ]
    draft.act = [.buttons([main("agree", "deposit.agree", icon: "next")])]
    draft.next = self("deposit.next")
    return draft
  }
}
