// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import StrictJSON
import Testing
import Upkeep

@testable import Visits

@Suite struct FormFillingTests {
  private let foreigner = Resident(
    document: .permanentResidence2023, name: "样张·史密斯", nameEnglish: "SMITH, SPECIMEN", sex: "1",
    nationality: "GBR", birth: "19810803", idNumber: "911124198108030024", validFrom: "20231201",
    validTo: "20331130")

  /// The old-age allowance, asking for the address too.
  private func matter() throws -> Matter {
    var matter = try #require(try Sample.catalogue().matter("elder_allowance"))
    let field = """
      {"key":"address","label_zh":"住址","label_en":"Address","type":"text","required":true,
      "prefill":"id_card.address","mask":"address","sensitive":true}
      """
    matter.form.fields.insert(
      try StrictJSON.decode(FormField.self, from: Array(field.utf8)), at: 2)
    return matter
  }

  private func writer() throws -> SceneWriter {
    let clock = SetTime(Sample.time)
    return SceneWriter(
      words: try Sample.words(), settings: try Sample.settings(), clock: clock,
      board: Board(clock: clock), knowsCodes: false)
  }

  @Test("what her document lacks is asked, stays a question once answered, and is hers to change")
  func asked() throws {
    var filling = FormFilling(matter: try matter(), resident: foreigner)
    let keys = ["address", "mobile", "bank_card", "agent"]
    #expect(filling.questions.map(\.key) == keys)
    filling.set("address", .text("江苏省苏州市姑苏区平江路1号"))
    #expect(filling.questions.map(\.key) == keys)
    let writer = try writer()
    #expect(filling.rows(writer, fromCard: true).count == 2)
    let row = filling.rows(writer, fromCard: false).first { $0.choice == "edit:address" }
    #expect(row?.value == "江苏省苏州市****" && row?.small == nil)
  }

  @Test("what her document says is shown masked and not asked")
  func shown() throws {
    let filling = FormFilling(matter: try matter(), resident: Sample.wang)
    #expect(filling.questions.map(\.key) == ["mobile", "bank_card", "agent"])
    let writer = try writer()
    let rows = filling.rows(writer, fromCard: true)
    #expect(rows.map(\.value) == ["王*", "**************002X", "平澜街道桂花****"])
    #expect(rows.allSatisfy { $0.choice == nil })
  }
}
