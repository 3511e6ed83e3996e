// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import StrictJSON
import Testing

/// The catalogue's text with one thing spoilt.
private func spoilt(_ old: String, _ new: String) throws -> [UInt8] {
  let text = String(decoding: try Tree.bytes("Kiosk/Catalogue/catalogue.json"), as: UTF8.self)
  let halves = text.split(separator: old, maxSplits: 1, omittingEmptySubsequences: false)
  try #require(halves.count == 2, "\(old) is not in the catalogue")
  return Array((halves[0] + new + halves[1]).utf8)
}

private struct Spoiling: CustomTestStringConvertible, Sendable {
  var old: String
  var new: String
  /// The end of the place and of the sentence that must be named.
  var place: String
  var sentence: String

  init(_ old: String, _ new: String, _ place: String, _ sentence: String) {
    self.old = old
    self.new = new
    self.place = place
    self.sentence = sentence
  }

  var testDescription: String { place }
}

private let spoilings = [
  Spoiling("\"id\": \"ss_rights_record\"", "\"id\": \"hpf_proof\"", "matters[2].id", "here twice"),
  Spoiling("\"dept\": \"hpf\"", "\"dept\": \"hpff\"", "matters[2].dept", "no department “hpff”"),
  Spoiling(
    "\"uscc\": \"11320500MB9900013G\"", "\"uscc\": \"11320500MB9900031G\"", "departments[0].uscc",
    "the check character is wrong"),
  Spoiling(
    "11320500MB9900013G3329920001000", "11320500MB9900013G332992000100", "matters[0].task_code",
    "30 characters long, not 31"),
  Spoiling(
    "11320500MB9900013G3329920001000", "11320500MB9900031G3329920001000", "matters[0].task_code",
    "first 18 characters is wrong"),
  Spoiling(
    "\"visible_when\": \"scope == 'family'\"", "\"visible_when\": \"scoop == 'family'\"",
    ".visible_when", "no field “scoop”"),
  Spoiling(
    "\"visible_when\": \"scope == 'family'\"", "\"visible_when\": \"scope ~ 'family'\"",
    ".visible_when", "not of the form key == 'value'"),
  Spoiling("\"^1[3-9][0-9]{9}$\"", "\"^1[3-9]\\\\d{9}$\"", ".validation.pattern", "only before a sign"),
  Spoiling("\"^1[3-9][0-9]{9}$\"", "\"^(1+)+$|x\"", ".validation.pattern", "ends with $"),
  Spoiling(
    "\"offline_reason_zh\": \"不当场决定；身份与数据由中心收到后核验\"", "\"offline_reason_zh\": \" \"",
    ".kiosk.offline_reason_zh", "is empty"),
  Spoiling("\"lifecycle\": [\"work\"]", "\"lifecycle\": [\"werk\"]", ".lifecycle[0]", "“werk”"),
  Spoiling(
    "\"cert_type\": \"hukou\"", "\"cert_type\": \"huko\"", ".waiver.cert_type", "certificate “huko”"),
  Spoiling(
    "\"matter\": \"branch_setup\", \"required\": false, \"depends_on\": []",
    "\"matter\": \"branch_setup\", \"required\": false, \"depends_on\": [\"branch_setup\"]",
    ".depends_on", "“branch_setup” waits for itself"),
  Spoiling(
    "\"matter\": \"utility_transfer\", \"required\"", "\"matter\": \"utility_moon\", \"required\"",
    ".matter", "no matter “utility_moon”"),
]

@Suite struct CatalogueFaultTests {
  @Test("what reads well but cannot be right is named with its place", arguments: spoilings)
  fileprivate func named(_ spoiling: Spoiling) throws {
    let bytes = try spoilt(spoiling.old, spoiling.new)
    let catalogue = try StrictJSON.decode(Catalogue.self, from: bytes)
    let hit = catalogue.faults().first {
      $0.place.hasSuffix(spoiling.place) && $0.sentence.contains(spoiling.sentence)
    }
    #expect(hit != nil, "found only \(CatalogueFault.report(catalogue.faults()))")
  }

  @Test(
    "what does not fit the types is refused at its place",
    arguments: [
      ("\"handling\": \"instant\"", "\"handling\": \"sometimes\"", "matters[0].handling"),
      ("\"offline_submit\": false", "\"offline_submit\": true", "matters[0].kiosk.offline_submit"),
      ("\"max\": \"today\"", "\"max\": \"today+xd\"", "matters[0].form[3].validation.max"),
      ("\"min_length\": 2", "\"minlength\": 2", "matters[0].form[0].validation.minlength"),
      ("\"mask\": \"name\"", "\"mask\": \"veil\"", "matters[0].form[0].mask"),
    ])
  func refused(old: String, new: String, place: String) throws {
    let bytes = try spoilt(old, new)
    let fault = try #require(throws: JSONFault.self) {
      try StrictJSON.decode(Catalogue.self, from: bytes)
    }
    #expect(fault.place == place, "\(fault)")
  }

  @Test("two hundred faults are told as fifty and a count")
  func report() {
    let faults = Array(repeating: CatalogueFault(place: "a", sentence: "b"), count: 200)
    #expect(CatalogueFault.report(faults).count == 51)
    #expect(CatalogueFault.report(faults).last == "and 150 more")
    #expect(CatalogueFault.report([]).isEmpty)
  }
}
