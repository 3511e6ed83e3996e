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

  @Test func `the schema refuses an area that is none`() async {
    let enrolment = Enrolment(
      terminal: "T1", area: "32050", publicKey: desk.signer.publicKey,
      codeHash: String(repeating: "a", count: 64), time: Desk.night)
    await #expect(throws: StoreFault.broken) { try await desk.store.enrol(enrolment) }
  }
}
