// SPDX-License-Identifier: Apache-2.0

import Records

/// The slip of an invented resident, in both languages.
enum SampleSlips {
  static let address = "https://centre.example.gov.cn/p/32050700A72026112100033K#7KQ4M2XD"
  static let rating = "https://centre.example.gov.cn/r/32050700A72026112100033K"

  static let chinese = Slip(blocks: [
    .site(above: "苏服办 24小时自助服务", name: "平澜街道便民服务中心", below: "自助终端 12 号"),
    .title("自助申报凭条", state: "已保存，待传送"),
    .rule(dashed: false),
    .number(caption: "申报流水号", lines: ["320507-00A7-", "20261121-00033-K"]),
    .claim(caption: "查询码", code: "7KQ4-M2XD"),
    .rule(dashed: true),
    .facts([
      SlipFact(term: "事项", text: "尊老金（高龄津贴）申领"),
      SlipFact(term: "申请人", text: "王*（证件尾号021X）"),
      SlipFact(term: "申报时间", text: "2026-11-21 03:12（时间已校准）"),
      SlipFact(term: "待联网核验", text: "户口簿"),
    ]),
    .boxed("本凭条不是受理通知书。"),
    .numbered([
      "申请已加密保存在本机，网络恢复后自动传送，请勿重复申报。",
      "2个工作日后仍显示“尚未收到”，请凭本凭条到窗口或拨打 0512-0000 0120、12345。",
    ]),
    .codes([
      SlipCode(payload: address, caption: "扫码查进度，也可在任一自助终端查询"),
      SlipCode(payload: rating, caption: "办结后请评价"),
    ]),
    .closing("请妥善保管，勿外传。"),
  ])

  static let english = Slip(blocks: [
    .site(above: "Suzhou 24-hour self-service", name: "平澜街道便民服务中心", below: "Terminal 12"),
    .title("Self-service application slip", state: "Saved, waiting to be sent"),
    .rule(dashed: false),
    .number(caption: "Application number", lines: ["320507-00A7-", "20261121-00033-K"]),
    .claim(caption: "Query code", code: "7KQ4-M2XD"),
    .facts([
      SlipFact(term: "Matter", text: "Allowance for the elderly"),
      SlipFact(term: "To be checked online", text: "Household register"),
    ]),
    .boxed("This slip is not a notice of acceptance."),
    .numbered([
      "Your application is kept on this terminal, encrypted, and goes out by itself.",
      "If it still says “not yet received” after 2 working days, call 0512-0000 0120.",
    ]),
    .codes([SlipCode(payload: address, caption: "Scan to see where it stands")]),
    .closing("Keep this slip safe; do not pass it on."),
  ])

  static func fact(_ text: String) -> Slip {
    Slip(blocks: [.facts([SlipFact(term: "申请人", text: text)])])
  }
}
