// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import StrictJSON
import Testing

private let resident = Resident(
  name: "王小明", sex: "1", ethnicity: "01", birth: "19491231", address: "江苏省苏州市姑苏区平江路1号",
  idNumber: "11010519491231002X", issuer: "苏州市公安局", validFrom: "20100101", validTo: "长期")

@Suite struct FormTests {
  @Test("a condition holds for its answers only, and never without one")
  func conditions() throws {
    let choice = try #require(Condition("scope == 'family'"))
    #expect(choice.holds(["scope": .text("family")]))
    #expect(choice.holds(["scope": .chosen(["family"])]))
    #expect(!choice.holds(["scope": .text("self")]))
    #expect(!choice.holds([:]))
    let unequal = try #require(Condition("reason != 'resign'"))
    #expect(unequal.holds(["reason": .text("end")]))
    #expect(!unequal.holds([:]))
    let area = try #require(Condition("shop_area_m2 >= 300"))
    #expect(area.holds(["shop_area_m2": .text("300")]))
    #expect(!area.holds(["shop_area_m2": .text("299.9")]))
    let flag = try #require(Condition("agent == true"))
    #expect(flag.holds(["agent": .flag(true)]))
    #expect(!flag.holds(["agent": .text("true")]))
  }

  @Test(
    "what is not a condition is refused",
    arguments: [
      "", "a", "a ==", "a == b", "a = 'x'", "a == 'x", "a == 'x' or b == 'y'", "a >= 'x'", "A == 1",
      "a == 1e3",
    ])
  func refused(text: String) {
    #expect(Condition(text) == nil)
  }

  @Test("questions appear and disappear with the answer they hang on")
  func visible() throws {
    let form = try Tree.matter("elder_allowance").form
    #expect(form.visible(answers: [:]).map(\.key) == ["name", "id_no", "mobile", "bank_card", "agent"])
    let withAgent = form.visible(answers: ["agent": .flag(true)]).map(\.key)
    #expect(withAgent.suffix(2) == ["agent_name", "agent_id_no"])
    let answers: [String: Answer] = ["agent": .flag(false), "agent_name": .text("李四")]
    #expect(form.pruned(answers) == ["agent": .flag(false)])
  }

  @Test("the card fills what it knows and nothing else")
  func prefill() throws {
    let answers = try Tree.matter("elder_allowance").form.prefill(from: resident)
    #expect(answers == ["name": .text("王小明"), "id_no": .text("11010519491231002X")])
  }

  @Test("a document without an address leaves the address to be asked")
  func prefillOfAForeigner() throws {
    let fields = try StrictJSON.decode(
      [FormField].self,
      from: Array(
        """
        [{"key":"address","label_zh":"住址","label_en":"Address","type":"text","required":true,
        "prefill":"id_card.address","mask":"address","sensitive":true},
        {"key":"country","label_zh":"国籍","label_en":"Nationality","type":"text","required":true,
        "prefill":"id_card.nationality","mask":"none","sensitive":false}]
        """.utf8))
    let form = Form(fields: fields)
    let foreigner = Resident(
      document: .permanentResidence2023, name: "样张·史密斯", nameEnglish: "SMITH, SPECIMEN", sex: "1",
      nationality: "GBR", birth: "19810803", idNumber: "911124198108030024", validFrom: "20231201",
      validTo: "20331130")
    #expect(form.prefill(from: foreigner) == ["country": .text("GBR")])
    #expect(form.prefill(from: resident) == ["address": .text("江苏省苏州市姑苏区平江路1号")])
  }

  @Test("answers are shown masked, choices by their labels")
  func display() throws {
    let words = try Tree.words()
    func shown(
      _ key: String, _ matter: String, _ answer: Answer, _ language: Language = .zh
    ) throws -> String {
      try Tree.field(key, of: matter).display(answer, words, language)
    }
    #expect(try shown("name", "elder_allowance", .text("王小明")) == "王*")
    #expect(
      try shown("id_no", "elder_allowance", .text("11010519491231002X")) == "**************002X")
    #expect(try shown("mobile", "elder_allowance", .text("13812345678")) == "138****5678")
    #expect(try shown("bank_card", "elder_allowance", .text("4539578763621486")) == "************1486")
    #expect(try shown("work_kind", "flex_employ_register", .text("self")) == "个体经营")
    #expect(try shown("work_kind", "flex_employ_register", .text("self"), .en) == "Self-employed")
    #expect(try shown("start", "flex_employ_register", .text("20260131")) == "2026-01-31")
    #expect(try shown("base", "flex_employ_register", .text("4500")) == "4500 元")
    #expect(try shown("agent", "elder_allowance", .flag(true), .en) == "Yes")
  }

  @Test("each material is provided in the way its waiver allows")
  func materials() throws {
    func ways(
      _ id: String, _ answers: [String: Answer], cardRead: Bool = true
    ) throws -> [String: MaterialStatement.Way?] {
      let plan = MaterialPlan(matter: try Tree.matter(id), answers: answers, cardRead: cardRead)
      return Dictionary(uniqueKeysWithValues: plan.items.map { ($0.material.id, $0.way) })
    }
    let some: [String: Answer] = ["agent": .flag(false), "living_subsidy": .flag(false)]
    #expect(
      try ways("elder_allowance", some)
        == ["m_id": .cardRead, "m_hukou": .centreChecks, "m_bank": .centreChecks])
    #expect(try ways("elder_allowance", some, cardRead: false)["m_id"] == .some(.centreChecks))
    #expect(try ways("flex_employ_register", some) == ["m_id": .cardRead, "m_form": .formFilled])
    #expect(try ways("disabled_two_subsidies", some)["m_poor"] == nil)
    #expect(
      try ways("disabled_two_subsidies", ["living_subsidy": .flag(true)])["m_poor"]
        == .some(.centreChecks))
    #expect(try ways("unemp_register", some).values.contains(.some(.toFollow)))
    #expect(try ways("temp_relief", some).values.contains(.some(.toFollow)))
    #expect(try ways("property_query", [:]).count == 3)
    #expect(try ways("property_query", ["scope": .text("self")]).count == 1)
  }

  @Test("a paper that only the applicant has keeps an application from being made here")
  func missing() throws {
    let matter = try Tree.matter("no_crime_proof")
    let plan = MaterialPlan(matter: matter, answers: ["agent": .flag(true)], cardRead: true)
    #expect(plan.missing.map(\.id) == ["m_auth"])
    #expect(plan.statements == [MaterialStatement(id: "m_id", way: .cardRead)])
    #expect(plan.materials(.cardRead, .centreChecks).map(\.id) == ["m_id"])
  }
}
