// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing

@Suite(.everyWay) struct TerminalTests {
  let desk: Desk

  init() async throws {
    desk = try await Desk()
    _ = try await desk.enrol()
  }

  private func head(_ entries: Int, _ letter: Character = "a") -> AuditHead {
    AuditHead(entries: entries, chain: String(repeating: letter, count: 64))
  }

  private func keep(_ head: AuditHead, after seconds: Int64 = 0) async throws -> AuditStanding {
    try await desk.store.keepAudit(
      head, of: Desk.terminal, at: Desk.night.advanced(bySeconds: seconds))
  }

  private func record() async throws -> TerminalRecord {
    try #require(await desk.store.terminals().first { $0.name == Desk.terminal })
  }

  @Test func `a chain that grows is held`() async throws {
    for entries in [3, 3, 7] { #expect(try await keep(head(entries, entries == 7 ? "b" : "a")) == .held) }
    let record = try await record()
    #expect(record.audit == head(7, "b") && !record.auditCut)
  }

  @Test func `another chain of the same length was cut, and stays shown until an enrolment`() async throws {
    _ = try await keep(head(3))
    #expect(try await keep(head(3, "b")) == .cut)
    #expect(try await keep(head(9, "c")) == .cut)
    #expect(try await record().auditCut)
    #expect(try await record().audit == head(3))
    _ = try await desk.enrol(code: "a")
    #expect(try await record().auditCut)
    _ = try await desk.enrol(code: "b")
    #expect(try await keep(head(1, "d")) == .held)
    let record = try await record()
    #expect(!record.auditCut && record.audit == head(1, "d") && record.enrolments == 2)
  }

  @Test(arguments: [(2, Character("a")), (0, "0")])
  func `a shorter chain was cut when it is still shorter a minute later`(
    entries: Int, letter: Character
  ) async throws {
    _ = try await keep(head(3))
    #expect(try await keep(head(entries, letter)) == .held)
    #expect(try await keep(head(entries, letter), after: 59) == .held)
    #expect(try await keep(head(entries, letter), after: 60) == .cut)
    #expect(try await record().auditCut)
  }

  @Test func `a head that was held up on its way is no cut`() async throws {
    _ = try await keep(head(3))
    #expect(try await keep(head(2)) == .held)
    #expect(try await keep(head(3), after: 15) == .held)
    #expect(try await keep(head(2), after: 100) == .held)
    #expect(try await keep(head(4, "b"), after: 115) == .held)
    #expect(try await !record().auditCut)
    #expect(try await record().audit == head(4, "b"))
  }

  @Test func `terminals are listed by name, with when they were heard`() async throws {
    _ = try await desk.enrol("T0011", code: "b")
    desk.store.seen("T0012", at: Desk.night)
    desk.store.seen("T9999", at: Desk.night)
    let terminals = try await desk.store.terminals()
    #expect(terminals.map(\.name) == ["T0011", "T0012"])
    #expect(terminals.map(\.lastSeen) == [nil, Desk.night])
    #expect(terminals.map(\.area) == ["320507", "320507"] && terminals[0].certificate == nil)
  }

  @Test func `when a terminal was heard reaches the disk with others' writes`() async throws {
    desk.store.seen("T0012", at: Desk.night)
    _ = try await desk.take(desk.arrival(desk.number(1), id: 1))
    #expect(try await record().lastSeen == Desk.night)
  }

  private func certificate(
    _ letter: Character, of terminal: String = Desk.terminal
  ) -> IssuedCertificate {
    IssuedCertificate(
      fingerprint: String(repeating: letter, count: 64), serial: "0\(letter)", terminal: terminal,
      notAfter: Desk.night.advanced(bySeconds: 90 * 86_400))
  }

  @Test func `a certificate is known by its fingerprint, and the newest is shown`() async throws {
    for letter in ["a", "b", "a"] as [Character] {
      try await desk.store.certified(certificate(letter), at: Desk.night)
    }
    let found = try await desk.store.certificate(fingerprint: String(repeating: "a", count: 64))
    #expect(found == certificate("a"))
    #expect(try await desk.store.certificate(fingerprint: "c") == nil)
    #expect(try await record().certificate == certificate("b"))
  }

  @Test func `revoking takes all of a terminal's certificates and no other's`() async throws {
    _ = try await desk.enrol("T0013", code: "b")
    for letter in ["a", "b"] as [Character] {
      try await desk.store.certified(certificate(letter), at: Desk.night)
    }
    try await desk.store.certified(certificate("c", of: "T0013"), at: Desk.night)
    #expect(try await desk.store.revoke(terminal: Desk.terminal, at: Desk.due) == 2)
    #expect(try await desk.store.revoke(terminal: Desk.terminal, at: Desk.due) == 0)
    try await desk.store.certified(certificate("d"), at: Desk.due)
    let revoked = try await ["a", "b", "c", "d"].asyncMap { letter in
      try await desk.store.certificate(fingerprint: String(repeating: letter, count: 64))?.revokedAt
    }
    #expect(revoked == [Desk.due, Desk.due, nil, nil])
  }
}

extension Sequence {
  func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
    var values: [Value] = []
    for element in self { values.append(try await body(element)) }
    return values
  }
}
