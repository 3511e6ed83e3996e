// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import Testing

private let today = Day(year: 2026, month: 11, day: 21)

private struct Judged: CustomTestStringConvertible, Sendable {
  var matter: String
  var key: String
  var answer: Answer?
  var sentence: String?

  init(_ matter: String, _ key: String, _ answer: Answer?, _ sentence: String?) {
    self.matter = matter
    self.key = key
    self.answer = answer
    self.sentence = sentence
  }

  var testDescription: String { "\(key): \(sentence ?? "stands")" }
}

private let texts = [
  Judged("elder_allowance", "mobile", .text("1381234567"), "还差 1 位：手机号码应为 11 位。"),
  Judged("elder_allowance", "mobile", .text("13812345678"), nil),
  Judged("elder_allowance", "mobile", .text("138123456789"), "多了 1 位：手机号码应为 11 位。"),
  Judged(
    "elder_allowance", "mobile", .text("12812345678"), "手机号码以 1 开头，第 2 位是 3 到 9，请核对开头两位。"),
  Judged(
    "elder_allowance", "mobile", .text("1381234a678"), "第 8 个字符“a”用在这里不合适，请核对手机号码。"),
  Judged("elder_allowance", "mobile", nil, "请填写手机号码。"),
  Judged("elder_allowance", "mobile", .text(""), "请填写手机号码。"),
  Judged("elder_allowance", "id_no", .text("11010519491231002X"), nil),
  Judged("elder_allowance", "id_no", .text("440524188001010014"), nil),
  Judged("elder_allowance", "id_no", .text("34052419800101001X"), nil),
  Judged(
    "elder_allowance", "id_no", .text("110105194912310021"), "最后一位与前面的数字对不上，可能有一位输错了，请逐位核对。"),
  Judged("elder_allowance", "id_no", .text("1101051949123100"), "还差 2 位：公民身份号码应为 18 位。"),
  Judged(
    "elder_allowance", "id_no", .text("110105194913310021"),
    "第 7 至 14 位是出生日期，这一天不存在或还没有到，请核对。"),
  Judged("elder_allowance", "bank_card", .text("4539578763621486"), nil),
  Judged(
    "elder_allowance", "bank_card", .text("4539578763621487"), "这个卡号对不上，可能有一位输错了，请照卡面逐位核对。"),
  Judged("elder_allowance", "bank_card", .text("45395"), "还差 7 位：银行卡号为 12 至 19 位。"),
  Judged("elder_allowance", "name", .text("王"), "还差 1 个字：姓名至少 2 个字。"),
  Judged("elder_allowance", "name", .text("𠮷㼆·阿卜"), nil),
  Judged("elder_allowance", "name", .text("王\u{7}"), "第 2 个字符无法显示，请删去后重新填写。"),
  Judged("unemp_register", "skills", nil, nil),
  Judged(
    "elder_allowance", "name", .text(String(repeating: "王", count: 10_000)),
    "多了 9950 个字：姓名最多 50 个字，请删减。"),
  Judged(
    "elder_allowance", "agent_name", .text(String(repeating: "e\u{301}", count: 5_000)),
    "多了 9800 个字：代办人姓名最多 200 个字，请删减。"),
  Judged("biz_licence_print", "uscc", .text("91350100M000100Y43"), nil),
  Judged(
    "biz_licence_print", "uscc", .text("91350100M000100Y44"),
    "最后一位与前面的对不上，可能有一位输错了，请照营业执照逐位核对。"),
  Judged("school_enrol", "child_id_no", .text("11010519491231002X"), "此人现年 76 岁，本项不超过 14 岁。"),
]

private let others = [
  Judged("flex_employ_register", "base", .text("4000"), nil),
  Judged("flex_employ_register", "base", .text("3999"), "缴费基数不能小于 4000。"),
  Judged("flex_employ_register", "base", .text("40001"), "缴费基数不能大于 40000。"),
  Judged("flex_employ_register", "base", .text("4000.5"), "缴费基数须为 1 的整数倍。"),
  Judged("flex_employ_register", "base", .text("4000.005"), "金额最多到分，也就是小数点后两位。"),
  Judged("flex_employ_register", "base", .text("4e3"), "这里请只填数字，例如 12 或 12.5。"),
  Judged(
    "flex_employ_register", "base", .text(String(repeating: "9", count: 10_000)),
    "多了 9985 位：数字最多 15 位。"),
  Judged("ss_rights_record", "year", .text("2027"), "年度不能大于 2026。"),
  Judged("flex_employ_register", "start", .text("20260229"), "日历上没有这一天，请核对年、月、日。"),
  Judged("flex_employ_register", "start", .text("2026022"), "还差 1 位：日期为 8 位，例如 20260131。"),
  Judged("unemp_register", "leave_date", .text("20261121"), nil),
  Judged("remote_medical_filing", "start", .text("20261021"), "不能早于 2026-10-22。"),
  Judged("remote_medical_filing", "start", .text("20270521"), "不能晚于 2027-05-20。"),
  Judged("remote_medical_filing", "start", .text("20270520"), nil),
  Judged("tax_record", "from_month", .text("202613"), "没有这个月份，请核对年和月。"),
  Judged("tax_record", "from_month", .text("202612"), "不能晚于 2026-11。"),
  Judged("flex_employ_register", "work_kind", .text("platform"), nil),
  Judged("flex_employ_register", "work_kind", .chosen(["self"]), nil),
  Judged("flex_employ_register", "work_kind", .text("boss"), "请在列出的选项中选择：就业形式。"),
  Judged("flex_employ_register", "work_kind", .chosen(["self", "part"]), "多选了 1 项：就业形式最多选 1 项。"),
  Judged("flex_employ_register", "work_kind", nil, "请选择：就业形式。"),
  Judged("disabled_two_subsidies", "living_subsidy", .flag(false), nil),
  Judged("disabled_two_subsidies", "living_subsidy", .text("true"), "请选择：申请生活补贴。"),
  Judged("policy_person_match", "consent", .flag(false), "需要选“是”才能继续办理："),
]

@Suite struct FieldRuleTests {
  @Test("an answer is judged with what is wrong and by how much", arguments: texts + others)
  fileprivate func judged(_ judged: Judged) throws {
    let field = try Tree.field(judged.key, of: judged.matter)
    let fault = FieldRules.judge(field: field, answer: judged.answer, answers: [:], today: today)
    let sentence = fault?.text(try Tree.words(), .zh)
    if let wanted = judged.sentence {
      #expect(sentence?.hasSuffix(wanted) == true || sentence?.hasPrefix(wanted) == true, "\(sentence ?? "")")
    } else {
      #expect(sentence == nil)
    }
  }

  @Test("a field compares itself with another")
  func compared() throws {
    let field = try Tree.field("to", of: "dormancy_filing")
    func judge(_ to: String) throws -> String? {
      FieldRules.judge(
        field: field, answer: .text(to), answers: ["from": .text("20261201")], today: today
      )?.text(try Tree.words(), .en)
    }
    #expect(try judge("20261201")?.hasSuffix("must be after 2026-12-01.") == true)
    #expect(try judge("20291202") == "At most 3 years from 2026-12-01.")
    #expect(try judge("20291201") == nil)
  }

  @Test("answers are tidied before they are judged")
  func tidied() throws {
    let id = try Tree.field("id_no", of: "elder_allowance")
    #expect(
      FieldRules.tidied(.text(" １１０１０５ 19491231-002x"), for: id) == .text("11010519491231002X"))
    let name = try Tree.field("name", of: "elder_allowance")
    #expect(FieldRules.tidied(.text(" 王 小明\n"), for: name) == .text("王 小明"))
    #expect(FieldRules.tidied(.flag(true), for: id) == .flag(true))
  }

  @Test("the first fault of a form is that of a question that is asked")
  func firstFault() throws {
    let form = try Tree.matter("elder_allowance").form
    var answers: [String: Answer] = [
      "name": .text("王小明"), "id_no": .text("11010519491231002X"), "mobile": .text("13812345678"),
      "bank_card": .text("4539578763621486"), "agent": .flag(false), "agent_id_no": .text("1"),
      "agent_name": .text("李四"),
    ]
    #expect(FieldRules.firstFault(in: form, answers: answers, today: today) == nil)
    answers["agent"] = .flag(true)
    let first = FieldRules.firstFault(in: form, answers: answers, today: today)
    #expect(first?.field.key == "agent_id_no")
  }
}
