// SPDX-License-Identifier: Apache-2.0

import Records

/// What a resident takes along, on paper or from the screen.
struct Taken {
  var id: EnvelopeID
  var matter: String
  var number: CaseNumber
  var claim: ClaimCode
  var time: QualifiedTime
  /// QR of the slip as rows of 0 and 1.
  var code: [String]?
  var isLicence: Bool
}

/// From the summary to the farewell.
extension SceneWriter {
  func summary(matter: String, rows: [Part.Row], materials: [String]) -> SceneDraft {
    var draft = SceneDraft("summary", title: self("summary.title"))
    draft.here = matter
    draft.step = .check
    draft.lead = self("summary.lead")
    draft.read = chinesePrevails
    draft.back = true
    draft.body = [.rows(rows)]
    if !materials.isEmpty {
      draft.body.append(
        .facts([
          Part.Fact(
            icon: "folder", term: self("summary.materials"),
            lines: materials.map { Part.Fact.Line(icon: nil, text: $0) }, small: nil)
        ]))
    }
    draft.body.append(
      .say(
        Part.Say(
          tone: .heed, icon: "info", title: self("summary.deposit"), text: self("summary.deposit-text"))))
    draft.act = [.buttons([main("file", "summary.file", icon: "send")])]
    draft.next = self(canPrint ? "summary.next" : "summary.next-no-paper")
    return draft
  }

  /// Nothing is said of a number yet: it is not on disk.
  func filing(matter: String) -> SceneDraft { waiting("filing", matter: matter) }

  func printing(matter: String) -> SceneDraft { waiting("printing", matter: matter) }

  private func waiting(_ name: String, matter: String) -> SceneDraft {
    var draft = SceneDraft(name, title: self("\(name).title"))
    draft.here = matter
    draft.step = .slip
    draft.lead = self(name == "printing" && !canPrint ? "printing.lead-no-paper" : "\(name).lead")
    draft.body = name == "printing" ? [.drawing(drawing("take-slip"))] : []
    return draft
  }

  /// - Parameter arrival: the centre's word, once it came; nil says only what is certain.
  func filed(_ taken: Taken, arrival: Verdict?, cardLies: Bool) -> SceneDraft {
    var draft = SceneDraft("filed", title: self("filed.title"), layout: .parts)
    draft.here = taken.matter
    draft.there = filedAt(taken.time)
    draft.step = .slip
    draft.read = [.drawing(drawing("take-slip", beside: "filed.take-slip"))]
    draft.body = [.plate(plate(taken, huge: false))] + standing(taken, arrival)
    draft.news = news(arrival)
    draft.act = [
      .buttons([main("finish", "filed.finish"), button("noSlip", "filed.no-slip", icon: "slip")])
    ]
    let done = refusal(arrival) == nil ? "filed.next" : "no-paper.next"
    draft.next = self(cardLies ? done : "farewell.next")
    return draft
  }

  /// How far it has come. A refusal stands first, and nothing is promised behind it.
  private func standing(_ taken: Taken, _ arrival: Verdict?) -> [Part] {
    let saved = Part.Rung(state: .done, text: self("filed.rung-saved"), small: nil)
    if let refusal = refusal(arrival) {
      let sent = Part.Rung(state: .here, text: self("filed.refused"), small: nil)
      return [refusal, .ladder([saved, sent])]
    }
    let sending =
      arrival == nil
      ? Part.Rung(state: .here, text: self("filed.rung-sending"), small: self("filed.rung-centre"))
      : Part.Rung(state: .done, text: self("filed.arrived"), small: self("filed.arrived-small"))
    let handled = Part.Rung(
      state: .todo, text: self("filed.rung-handled"),
      small: self(taken.isLicence ? "slip.line-clock-licence" : "slip.line-clock"))
    let text =
      arrival == nil
      ? self("slip.line-not-arrived", ["phone": settings.site.phone]) : self("filed.arrived-text")
    return [
      .ladder([saved, sending, handled]),
      .say(Part.Say(tone: .heed, icon: "info", title: self("slip.not-acceptance"), text: text)),
    ]
  }

  /// The centre keeps it but could not take it into its register: said with what to do.
  private func refusal(_ arrival: Verdict?) -> Part? {
    guard case .refused(let reason, _) = arrival else { return nil }
    let text = reason == "matterWithdrawn" ? "filed.refused-withdrawn-text" : "filed.refused-text"
    return .say(
      Part.Say(
        tone: .heed, icon: "info", title: self("filed.refused-title"),
        text: self(text, ["phone": settings.site.phone])))
  }

  private func news(_ arrival: Verdict?) -> String? {
    switch arrival {
    case nil: nil
    case .stored, .already: self("filed.arrived-spoken")
    case .refused: self("filed.refused-spoken")
    }
  }

  private func filedAt(_ time: QualifiedTime) -> String {
    if time.quality == .unknown { return self("slip.time-unknown") }
    let doubt = time.quality == .synchronised ? "" : self("slip.time-\(time.quality.rawValue)")
    return self("filed.at", ["time": LocalTime.clock(time.at)]) + doubt
  }

  private func plate(_ taken: Taken, huge: Bool) -> Part.Plate {
    Part.Plate(
      numberCaption: self("slip.number"), number: taken.number.groups,
      claimCaption: self("slip.claim"), claim: taken.claim.grouped, code: huge ? taken.code : nil,
      huge: huge)
  }

  /// - Parameter why: key of the sentence that says why there is no slip.
  func noPaper(_ taken: Taken, arrival: Verdict?, why: String) -> SceneDraft {
    var draft = SceneDraft("noPaper", title: self(why))
    draft.here = taken.matter
    draft.there = filedAt(taken.time)
    draft.lead = self("no-paper.lead")
    draft.body = [.plate(plate(taken, huge: true))] + whatItMeans(taken, arrival)
    // A refusal sends her to the counter anyway.
    let counter = refusal(arrival) == nil ? self("no-paper.at-counter") : ""
    draft.body.append(.note(self("no-paper.never-later") + counter))
    draft.act = [
      .buttons([main("finish", "no-paper.finish"), button("stay", "no-paper.stay", icon: "clock")])
    ]
    draft.next = self("no-paper.next")
    draft.news = news(arrival)
    return draft
  }

  private func whatItMeans(_ taken: Taken, _ arrival: Verdict?) -> [Part] {
    if let refusal = refusal(arrival) { return [refusal] }
    let text = arrival == nil ? "no-paper.not-arrived" : "no-paper.arrived"
    return [
      .say(
        Part.Say(
          tone: .heed, icon: "info", title: self("no-paper.not-acceptance"),
          text: self(text, ["phone": settings.site.phone]))),
      .note(self(taken.isLicence ? "slip.line-clock-licence" : "slip.line-clock")),
    ]
  }

  /// Each time in other words: what is said anew is heard anew, and rings anew.
  func farewell(_ farewell: Farewell) -> SceneDraft {
    var draft = SceneDraft("farewell", title: self("farewell.title-\(farewell.time)"), layout: .parts)
    draft.here = self("farewell.here")
    draft.lead = self(farewell.sees ? "farewell.lead-\(farewell.time)" : "farewell.lead-unseen")
    draft.body = [
      .drawing(drawing("take-card")),
      .say(Part.Say(tone: .ok, icon: "lock", title: nil, text: self("farewell.cleared"))),
    ]
    let another = farewell.mayGoOn ? [button("another", "farewell.another", icon: "pen")] : []
    draft.act = [.buttons([main("taken", "farewell.taken")] + another)]
    draft.next = self(farewell.before == .filed ? "farewell.next" : "farewell.next-home")
    draft.chimes = true
    return draft
  }

  func rating() -> SceneDraft {
    var draft = SceneDraft("rating", title: self("rating.title"))
    draft.here = self("rating.here")
    draft.lead = self("rating.lead")
    draft.act = [
      .buttons((1...5).reversed().map { button("rate:\($0)", "rating.\($0)") }),
      .buttons([Part.Button(choice: "skip", text: self("rating.skip"), icon: "exit", style: .small)]),
    ]
    draft.next = self("rating.next")
    return draft
  }
}
