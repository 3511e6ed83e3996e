// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import StrictJSON
import Testing

@Suite struct CatalogueTests {
  @Test("the catalogue a terminal starts with is read whole and has no faults")
  func whole() throws {
    let catalogue = try Tree.catalogue()
    #expect(catalogue.matters.count == 57)
    #expect(catalogue.bundles.count == 9)
    #expect(catalogue.faults().map(\.description) == [])
  }

  @Test("exactly three matters may be handed in offline, and a terminal can ask all they need")
  func deposits() throws {
    let deposits = try Tree.catalogue().matters.filter { $0.kiosk.offlineSubmit == .deposit }
    #expect(
      deposits.map(\.id).sorted()
        == ["disabled_two_subsidies", "elder_allowance", "flex_employ_register"])
    for matter in deposits {
      #expect(matter.canBeDeposited)
      #expect(matter.kiosk.offlineReason != nil)
      #expect(MaterialPlan(matter: matter, answers: [:], cardRead: true).missing.isEmpty)
    }
  }

  @Test("matters are found by id, department and life event")
  func lookup() throws {
    let catalogue = try Tree.catalogue()
    let matter = try #require(catalogue.matter("elder_allowance"))
    #expect(matter.name.text(.zh) == "尊老金（高龄津贴）申领")
    #expect(catalogue.department(of: matter)?.nameEn == "Civil Affairs Bureau")
    #expect(catalogue.matters(of: "civil").contains(matter))
    #expect(catalogue.matters(in: .retire).map(\.id).contains("elder_allowance"))
    #expect(catalogue.matter("nothing") == nil)
  }

  @Test("every matter can be reached through a life event of its audience")
  func reachable() throws {
    let catalogue = try Tree.catalogue()
    let events = catalogue.lifeEvents()
    #expect(events == LifeEvent.allCases)
    let reached = Set(events.flatMap { catalogue.matters(in: $0).map(\.id) })
    #expect(reached.count == catalogue.matters.count)
    #expect(catalogue.lifeEvents(for: .persons).count == 10)
    #expect(catalogue.lifeEvents(for: .organisations).count == 7)
  }

  @Test("six matters are licences")
  func licences() throws {
    #expect(try Tree.catalogue().matters.filter(\.isLicence).count == 6)
  }

  @Test("time limits and fees are put into words")
  func limits() throws {
    let words = try Tree.words()
    let catalogue = try Tree.catalogue()
    func limit(_ id: String, _ language: Language) -> String? {
      catalogue.matter(id)?.limits.promised?.text(words, language)
    }
    #expect(limit("elder_allowance", .zh) == "5个工作日")
    #expect(limit("flex_employ_register", .en) == "1 working day")
    #expect(limit("company_setup", .en) == "4 hours")
    #expect(limit("tax_record", .zh) == "即办")
    #expect(catalogue.matter("driving_licence_renew")?.fee.lines(words, .zh) == ["驾驶证工本费 10 元"])
    #expect(catalogue.matter("tax_record")?.fee.lines(words, .en) == ["Free of charge"])
  }

  @Test("every life event has its name in both languages")
  func names() throws {
    let words = try Tree.words()
    for event in LifeEvent.allCases {
      #expect(words.sentences[event.key] != nil, "\(event.key) is missing")
    }
  }
}
