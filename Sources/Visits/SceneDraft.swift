// SPDX-License-Identifier: Apache-2.0

import Records
import Upkeep

/// What one scene says, before roof, base and number are put around it.
struct SceneDraft {
  var name: String
  var layout = Scene.Layout.wall
  var here: String?
  var there: String?
  var step: Step?
  var title: String
  var lead: String?
  var read: [Part] = []
  var body: [Part] = []
  var act: [Part] = []
  var next: String?
  /// What came while she looks; spoken first.
  var news: String?
  /// There is a scene to go back to.
  var back = false
  /// The first page: no way back or home from here.
  var isFirst = false
  var countdown: Int?
  /// Asks by sound too.
  var chimes = false
  /// The time of which the scene itself speaks; the roof shows the same.
  var time: QualifiedTime?

  /// The four steps every filing takes.
  enum Step: Int, CaseIterable { case guide, fill, check, slip }

  init(_ name: String, title: String, layout: Scene.Layout = .wall) {
    self.name = name
    self.title = title
    self.layout = layout
  }
}

/// Turns what happens into scenes, in the language and size the visitor chose.
struct SceneWriter {
  let words: Words
  let settings: Settings
  let clock: any WallTime
  var look = Scene.Look()
  /// Asked anew for each scene: what it says must be true when it is drawn.
  private let board: Board
  var centreProblem: Problem? { board.centreProblem }
  var canPrint: Bool { board.canPrint }
  var canFile: Bool { board.canFile }
  var readerIsAway: Bool { board.readerIsAway }
  private let knowsCodes: Bool

  /// - Parameter knowsCodes: some issuer of codes is known here.
  init(words: Words, settings: Settings, clock: any WallTime, board: Board, knowsCodes: Bool) {
    self.board = board
    self.knowsCodes = knowsCodes
    self.words = words.overridden(by: settings.words)
    self.settings = settings
    self.clock = clock
  }

  var language: Language { look.language }

  /// A code that is shown now can be read, and its age judged.
  var offersCodes: Bool { knowsCodes && board.scannerWorks && clock.now().quality != .unknown }

  func callAsFunction(_ key: String, _ places: [String: String] = [:]) -> String {
    words(key, language, places)
  }

  func finish(_ draft: SceneDraft, id: Int, visit: Int) -> Scene {
    Scene(
      id: id, name: draft.name, visit: visit, look: look, roof: roof(draft.time ?? clock.now()),
      layout: draft.layout, here: draft.here, there: draft.there, steps: steps(draft.step),
      title: draft.title, lead: draft.lead, read: draft.read, body: draft.body, act: draft.act,
      next: draft.next, base: base(draft), spoken: spoken(draft),
      countdown: draft.countdown.map { Scene.Countdown(seconds: $0, unit: self("countdown.unit")) },
      chimes: draft.chimes)
  }

  private func roof(_ time: QualifiedTime) -> Scene.Roof {
    let day = Day(time.at)
    // A time that is certainly wrong is not shown as one.
    let isWrong = time.quality == .unknown
    return Scene.Roof(
      service: self("site.service"), site: settings.site.name.text(language),
      date: isWrong
        ? self("roof.time-unknown")
        : self(
          "roof.date",
          [
            "month": language == .zh ? String(day.month) : self("roof.month-\(day.month)"),
            "day": String(day.day), "weekday": self("roof.weekday-\(day.weekday)"),
          ]),
      clock: isWrong ? "--:--" : LocalTime.clock(time.at),
      tag: centreTag)
  }

  /// Offline is said of the network only; anything else between here and the centre is not that.
  private var centreTag: Tag? {
    centreProblem.map { problem in
      problem == .centreUnreachable
        ? Tag(tone: .heed, icon: "netoff", text: self("roof.offline"))
        : Tag(tone: .heed, icon: "send", text: self("roof.held"))
    }
  }

  private func steps(_ here: SceneDraft.Step?) -> [Scene.Step] {
    guard let here else { return [] }
    return SceneDraft.Step.allCases.map { step in
      let state: Scene.Step.State =
        step.rawValue < here.rawValue ? .done : step == here ? .here : .todo
      return Scene.Step(text: self("step.\(step)"), state: state)
    }
  }

  private func base(_ draft: SceneDraft) -> [Scene.BaseControl] {
    func control(_ choice: String, icon: String, on: Bool = false, resting: Bool = false)
      -> Scene.BaseControl
    {
      Scene.BaseControl(
        choice: choice, icon: icon, text: self("base.\(choice)"),
        state: resting ? .resting : on ? .on : .normal)
    }
    let ways = [control("back", icon: "back", resting: !draft.back), control("home", icon: "home")]
    return (draft.isFirst ? [] : ways) + [
      control("size", icon: "size", on: look.elder),
      control("contrast", icon: "contrast", on: look.contrast),
      control("language", icon: "globe"), control("help", icon: "bell"),
    ]
  }

  private func spoken(_ draft: SceneDraft) -> String {
    [draft.news, draft.title, draft.lead, draft.next].compactMap { $0 }
      .joined(separator: language == .zh ? "" : " ")
  }
}

extension SceneWriter {
  /// 以中文文本为准, where English speaks of binding things.
  var chinesePrevails: [Part] { language == .en ? [.note(self("chinese-prevails"))] : [] }

  func main(_ choice: String, _ key: String, icon: String? = nil) -> Part.Button {
    Part.Button(choice: choice, text: self(key), icon: icon, style: .main)
  }

  func button(_ choice: String, _ key: String, icon: String? = nil) -> Part.Button {
    Part.Button(choice: choice, text: self(key), icon: icon, style: .normal)
  }
}
