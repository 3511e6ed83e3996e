// SPDX-License-Identifier: Apache-2.0

import DeviceKit
import Matters
import Paper
import Records
import Upkeep

/// One resident, from the greeting to the rating.
struct Visit {
  let furniture: Desk.Furniture
  /// In force when the visit began: what she was shown is what she files.
  let catalogue: Catalogue
  let talk: Conversation

  private static let mattersPerPage = 5

  func serve(_ opening: Opening) async throws(VisitEnd) {
    var opening = opening
    while true {
      do throws(VisitEnd) {
        return try await proceed(opening)
      } catch {
        guard error != .stopped, talk.hersLies else { throw error }
        // Her card lies there: asked for before the first page is anybody's.
        let outcome = try await Parting(furniture: furniture, talk: talk)
          .run(after: .left, mayGoOn: error == .home)
        guard outcome == .another else { throw error }
        opening = .card
      }
    }
  }

  private func proceed(_ opening: Opening) async throws(VisitEnd) {
    var greets = opening == .card
    while true {
      var chosen = greets ? try await greeting() : nil
      if chosen == nil { chosen = try await find() }
      // Back from the first list: to the greeting, or to the first page.
      greets = chosen == nil && talk.resident != nil
      guard let matter = chosen else {
        if greets { continue }
        return
      }
      guard let filed = try await apply(for: matter) else { continue }
      if try await farewell(filed) { continue }
      return
    }
  }

  /// What she chose among the site's featured matters; nil when she wants to look herself.
  private func greeting() async throws(VisitEnd) -> Matter? {
    let featured = furniture.settings.featuredMatters.compactMap { catalogue.matter($0) }
    while true {
      let choice = try await talk.ask(.browsing) { _ in talk.writer.greeting(featured) }
      if choice.choice == "find" { return nil }
      guard let matter = choice.suffix("matter:").flatMap({ catalogue.matter($0) }) else { continue }
      if try await reads(matter) { return matter }
    }
  }

  // Finding: groups, a page of matters, a guide; nil when she goes back to the start.
  private func find() async throws(VisitEnd) -> Matter? {
    while true {
      let choice = try await talk.ask(.browsing) { _ in talk.writer.find(catalogue) }
      if choice.choice == "back" { return nil }
      guard let group = choice.suffix("group:").flatMap(LifeEvent.init(rawValue:)) else { continue }
      if let matter = try await browse(group) { return matter }
    }
  }

  private func browse(_ group: LifeEvent) async throws(VisitEnd) -> Matter? {
    // What can be filed here stands first.
    let inOrder = catalogue.matters(in: group)
    let all = inOrder.filter(\.canBeDeposited) + inOrder.filter { !$0.canBeDeposited }
    let pages = max(1, (all.count + Self.mattersPerPage - 1) / Self.mattersPerPage)
    var page = 0
    while true {
      let start = page * Self.mattersPerPage
      let shown = MatterPage(
        group: group, matters: Array(all[start..<min(all.count, start + Self.mattersPerPage)]),
        page: page, pages: pages)
      let choice = try await talk.ask(.browsing) { _ in talk.writer.matters(shown) }
      switch choice.choice {
      case "back": return nil
      case "page:next": page = min(page + 1, pages - 1)
      case "page:previous": page = max(page - 1, 0)
      default:
        guard let id = choice.suffix("matter:"), let matter = catalogue.matter(id) else {
          continue
        }
        if try await reads(matter) { return matter }
      }
    }
  }

  /// Shows the guide; true when she starts an application.
  private func reads(_ matter: Matter) async throws(VisitEnd) -> Bool {
    let department = catalogue.department(of: matter)
    while true {
      let choice = try await talk.ask(.browsing) { _ in
        talk.writer.guide(matter, department: department, cardRead: talk.cardWasRead)
      }
      if choice.choice == "back" { return false }
      if choice.choice == "start", matter.canBeDeposited, furniture.board.canFile { return true }
    }
  }

  /// Nil when she went back before anything was filed.
  private func apply(for matter: Matter) async throws(VisitEnd) -> Filed? {
    let identification = Identification(furniture: furniture, talk: talk, matter: matter)
    guard let resident = try await identification.run() else { return nil }
    let agreed = try await talk.ask(.form) { _ in talk.writer.deposit(matter) }
    guard agreed.choice == "agree" else { return nil }
    let identity = IdentityStep(furniture: furniture, talk: talk, matter: matter)
    guard let assurance = try await identity.run() else { return nil }
    var filling = FormFilling(matter: matter, resident: resident)
    guard try await fill(&filling) else { return nil }
    return try await HandingIn(
      furniture: furniture, talk: talk, filling: filling, assurance: assurance
    ).run()
  }

  /// From the card's own words to the summary; false when she backs out.
  private func fill(_ filling: inout FormFilling) async throws(VisitEnd) -> Bool {
    guard try await checks(filling) else { return false }
    let questions = Questions(talk: talk, today: Day(furniture.clock.now().at))
    var position = 0
    while true {
      switch try await questions.ask(&filling, from: position) {
      case .backOut:
        guard try await checks(filling) else { return false }
        position = 0
      case .done:
        let verdict = try await summary(filling)
        if verdict.choice == "file" { return true }
        let key = verdict.suffix("edit:")
        position =
          filling.questions.firstIndex { $0.key == key } ?? max(0, filling.questions.count - 1)
      }
    }
  }

  private func checks(_ filling: FormFilling) async throws(VisitEnd) -> Bool {
    let rows = { filling.rows(talk.writer, fromCard: true) }
    if rows().isEmpty { return true }
    while true {
      let choice = try await talk.ask(.form) { _ in
        talk.writer.check(filling.matter, rows: rows(), source: filling.source)
      }
      if choice.choice == "confirm" { return true }
      if choice.choice == "back" { return false }
      if choice.choice == "wrong" {
        _ = try await talk.ask(.form) { _ in talk.writer.sourceIsWrong(filling.matter, filling.source) }
      }
    }
  }

  private func summary(_ filling: FormFilling) async throws(VisitEnd) -> Choice {
    try await talk.ask(.form) { _ in
      let cardRead = talk.cardWasRead
      let plan = MaterialPlan(matter: filling.matter, answers: filling.answers, cardRead: cardRead)
      return talk.writer.summary(
        matter: filling.matter.name.text(talk.writer.language),
        rows: filling.rows(talk.writer, fromCard: false),
        materials: plan.items.map { talk.writer.text(of: $0, cardRead: cardRead) })
    }
  }

  /// Asks for the card, then for a rating. True when she wants to do something else, which
  /// takes her card: it still lies there.
  private func farewell(_ filed: Filed) async throws(VisitEnd) -> Bool {
    let parting = Parting(furniture: furniture, talk: talk)
    if try await parting.run(after: .filed, mayGoOn: true) == .another { return true }
    let stars = talk.othersLies ? nil : try await rating()
    // A rating that cannot be kept is nobody's debt.
    try? await furniture.clerk.rate(stars, of: filed)
    return false
  }

  private func rating() async throws(VisitEnd) -> Int? {
    let choice = try await talk.ask(.rating) { _ in talk.writer.rating() }
    return choice.suffix("rate:").flatMap { Int($0) }.flatMap { (1...5).contains($0) ? $0 : nil }
  }
}

extension Choice {
  /// What stands behind `prefix`; nil for another choice.
  func suffix(_ prefix: String) -> String? {
    choice.hasPrefix(prefix) ? String(choice.dropFirst(prefix.count)) : nil
  }
}
