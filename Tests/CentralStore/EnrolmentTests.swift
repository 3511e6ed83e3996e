// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct EnrolmentTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  @Test func `each enrolment gets numbers that nobody had before`() async throws {
    let first = try #require(await desk.enrol("T0012", code: "a"))
    let second = try #require(await desk.enrol("T0013", code: "b"))
    let again = try #require(await desk.enrol("T0012", code: "c"))
    #expect(first.allotments.map(\.text) == ["0001", "0002", "0003"])
    #expect(second.allotments.map(\.text) == ["0004", "0005", "0006"])
    #expect(again.allotments.map(\.text) == ["0007", "0008", "0009"])
    #expect(try await desk.store.enrolments(of: "T0012") == [first, again])
    #expect(try await desk.store.enrolments(of: "T9999") == [])
  }

  @Test func `the same code with the same key gives the same answer`() async throws {
    let first = try await desk.enrol()
    #expect(try await desk.enrol() == first)
    #expect(try await desk.store.enrolments(of: "T0012").count == 1)
    let hash = String(repeating: "a", count: 64)
    #expect(try await desk.store.enrolment(byCodeHash: hash) == first)
    #expect(try await desk.store.enrolment(byCodeHash: "b") == nil)
  }

  @Test func `a code that is spent serves no other key`() async throws {
    _ = try await desk.enrol()
    #expect(try await desk.enrol(key: TerminalSigner.generated().publicKey) == nil)
  }

  @Test func `an enrolment ends the certificates of its name, a repeated answer ends none`() async throws {
    _ = try await desk.enrol("T0012", code: "a")
    _ = try await desk.enrol("T0013", code: "b")
    for (terminal, letter) in [("T0012", "a"), ("T0013", "b")] as [(String, Character)] {
      try await desk.store.certified(issued(letter, to: terminal), at: Desk.night)
    }
    _ = try await desk.enrol("T0012", code: "a")
    #expect(try await revokedAt("a") == nil)
    _ = try await desk.enrol("T0012", code: "c")
    #expect(try await revokedAt("a") == Desk.night)
    #expect(try await revokedAt("b") == nil)
  }

  private func issued(_ letter: Character, to terminal: String) -> IssuedCertificate {
    IssuedCertificate(
      fingerprint: String(repeating: letter, count: 64), serial: String(letter), terminal: terminal,
      notAfter: Desk.due)
  }

  private func revokedAt(_ letter: Character) async throws -> Timestamp? {
    let fingerprint = String(repeating: letter, count: 64)
    return try #require(await desk.store.certificate(fingerprint: fingerprint)).revokedAt
  }

  @Test func `the schema refuses an area that is none`() async {
    let enrolment = Enrolment(
      terminal: "T1", area: "32050", publicKey: desk.signer.publicKey,
      codeHash: String(repeating: "a", count: 64), time: Desk.night)
    await #expect(throws: StoreFault.broken) { try await desk.store.enrol(enrolment) }
  }
}
