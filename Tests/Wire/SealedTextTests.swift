// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import StrictJSON
import Testing

@testable import Wire

/// What is written by hand is what the general encoder writes, and both decoders read it back.
@Suite struct SealedTextTests {
  private static let awkward = [
    "", "a/b", "\"", "\\", "\\\"\\", "\"x", "x\\", "\u{0}", "\u{1F}\u{20}", "\u{7F}\u{80}",
    "\u{8}\u{9}\u{A}\u{B}\u{C}\u{D}", "\r\n", "\u{2028}\u{2029}", "\u{FEFF}", "\u{FFFF}",
    "e\u{301}é", "𠮷\u{1F600}\u{30000}\u{10FFFF}", ":{[,]}",
    String(repeating: "情况属实。", count: 700), String(repeating: "\\\u{1}", count: 5000),
  ]

  private let sample = Sample()

  private func content(_ text: String) throws -> Content {
    var content = sample.content()
    content.applicant = Resident(
      document: .residencePermit, name: text, nameEnglish: text, sex: text, nationality: text,
      ethnicity: text, birth: text, address: text, idNumber: text, issuer: text, validFrom: text,
      validTo: text, passNumber: text, issueCount: text)
    content.answers = [
      text: .text(text), "b": .flag(true), "c": .flag(false), "d": .chosen([]),
      "e": .chosen([text]), "f" + text: .chosen([text, "", text]), "A": .text("a2"), "a10": .text("a"),
      "a2": .text("b"), "B": .flag(true), "é": .flag(false), "\u{FF21}": .text(""), "𠮷": .text("c"),
    ]
    content.materials =
      [.cardRead, .centreChecks, .formFilled, .notNeeded, .toFollow].map { .init(id: text, way: $0) }
    content.language = text
    return content
  }

  /// Every field is there.
  private func routing(_ text: String, at milliseconds: Int64 = 0) throws -> Routing {
    let time = QualifiedTime(at: Timestamp(milliseconds: milliseconds), quality: .running)
    return Routing(
      matter: text, matterVersion: 3, time: time, assurance: .cardRead, claimHash: text,
      told: .printed, first: try sample.reservation().number, firstClaimHash: text, rating: 5)
  }

  private func expectSame<Value: Codable & Equatable>(_ written: [UInt8], _ value: Value) throws {
    #expect(written == Canonical.encode(value))
    #expect(try StrictJSON.decode(Value.self, from: written) == value)
    #expect(try JSONDecoder().decode(Value.self, from: Data(written)) == value)
  }

  @Test(arguments: awkward)
  func `content has this one form`(text: String) throws {
    let content = try content(text)
    try expectSame(SealedText.bytes(of: content), content)
  }

  @Test func `content that is nearly empty has this one form`() throws {
    var content = try content("")
    content.answers = [:]
    content.materials = []
    try expectSame(SealedText.bytes(of: content), content)
  }

  @Test(arguments: awkward)
  func `routing has this one form`(text: String) throws {
    let routing = try routing(text)
    try expectSame(SealedText.bytes(of: routing), routing)
  }

  @Test(arguments: [Int64.min, -1, 0, 1_795_201_920_000, .max])
  func `a time has this one form`(milliseconds: Int64) throws {
    let routing = try routing("", at: milliseconds)
    try expectSame(SealedText.bytes(of: routing), routing)
  }

  @Test func `routing says nothing of what it has not`() throws {
    let bare = Routing(time: try routing("").time, assurance: .none)
    try expectSame(SealedText.bytes(of: bare), bare)
    let text = String(decoding: SealedText.bytes(of: bare), as: UTF8.self)
    #expect(text == #"{"assurance":"none","time":{"at":0,"quality":"running"}}"#)
  }

  /// A field that is new, and not given above, would be compared by nobody.
  @Test func `the routing compared here leaves no field out`() throws {
    for (label, value) in Mirror(reflecting: try routing("")).children {
      #expect(Mirror(reflecting: value).displayStyle != .optional || "\(value)" != "nil", "\(label ?? "")")
    }
  }

  @Test func `every character of the planes 0 to 3 is read back as it was`() throws {
    let characters = (0..<UInt32(0x40000)).compactMap(Unicode.Scalar.init)
    for start in stride(from: 0, to: characters.count, by: 4096) {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: characters[start..<min(start + 4096, characters.count)])
      var json = CanonicalWriter()
      json.text(String(text))
      #expect(json.bytes == Canonical.encode(String(text)))
      for read in [
        try StrictJSON.decode(String.self, from: json.bytes),
        try JSONDecoder().decode(String.self, from: Data(json.bytes)),
      ] { #expect(read.unicodeScalars.elementsEqual(text)) }
    }
  }
}
