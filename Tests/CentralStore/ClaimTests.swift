// SPDX-License-Identifier: Apache-2.0

import CentralStore
import Records
import Testing
import Wire

@Suite(.everyWay) struct ClaimTests {
  let desk: Desk
  let limits = ClaimLimits(
    perNumber: ClaimLimit(attempts: 3, seconds: 3600),
    perAddress: ClaimLimit(attempts: 5, seconds: 600))

  init() async throws { desk = try await Desk() }

  private func claim(
    _ code: ClaimCode, at seconds: Int64 = 0, sequence: Int = 33, from address: String? = nil
  ) async throws -> ClaimOutcome {
    let number = try desk.number(sequence)
    return try await desk.store.claim(
      number, hash: ClaimHash.of(number, code), from: address,
      at: Desk.night.advanced(bySeconds: seconds), limits: limits)
  }

  private let wrong = ClaimCode(chance: [9, 9, 9, 9, 9])

  @Test func `the right claim code opens what the slip says`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(33), id: 1))
    let record = try #require(await desk.store.application(desk.number(33)))
    #expect(try await claim(Desk.code) == .right(record))
    #expect(try await claim(wrong) == .wrong)
    #expect(try await claim(Desk.code) == .right(record))
  }

  @Test func `after too many wrong codes the right one rests too, for a while`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(33), id: 1))
    for second in 0..<3 { #expect(try await claim(wrong, at: Int64(second)) == .wrong) }
    let until = Desk.night.advanced(bySeconds: 3600)
    #expect(try await claim(Desk.code, at: 10) == .resting(until: until))
    #expect(try await claim(wrong, at: 3599) == .resting(until: until))
    guard case .right = try await claim(Desk.code, at: 3600) else {
      Issue.record("still resting")
      return
    }
    #expect(try await claim(wrong, at: 3601) == .wrong)
  }

  @Test func `a clock that was put back does not make a number rest for ever`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(33), id: 1))
    for _ in 0..<3 { #expect(try await claim(wrong, at: 1_000_000) == .wrong) }
    guard case .right = try await claim(Desk.code) else {
      Issue.record("resting")
      return
    }
  }

  @Test func `wrong codes for one number do not count for another`() async throws {
    _ = try await desk.take(desk.arrival(desk.number(33), id: 1), desk.arrival(desk.number(34), id: 2))
    for _ in 0..<3 { _ = try await claim(wrong) }
    guard case .right = try await claim(Desk.code, sequence: 34) else {
      Issue.record("resting")
      return
    }
  }

  @Test func `without an application there is nothing to claim`() async throws {
    #expect(try await claim(Desk.code) == .nothingToClaim)
    var junk = try desk.arrival(desk.number(33), id: 1)
    junk.standing = .badSignature
    _ = try await desk.refuse(junk, .badSignature)
    #expect(try await claim(Desk.code) == .nothingToClaim)
  }

  @Test(arguments: [RefusalReason.foreignNumber, .idTaken])
  func `no other terminal lends a number its claim code`(reason: RefusalReason) async throws {
    _ = try await desk.refuse(desk.arrival(desk.number(33), id: 1), reason)
    #expect(try await claim(Desk.code) == .nothingToClaim)
    #expect(try await claim(wrong) == .nothingToClaim)
  }

  @Test func `one address may not try number after number`() async throws {
    for sequence in 1...4 { _ = try await desk.take(desk.arrival(desk.number(sequence), id: sequence)) }
    for sequence in [1, 1, 2, 2, 3] {
      #expect(try await claim(wrong, sequence: sequence, from: "192.0.2.7") == .wrong)
    }
    let until = Desk.night.advanced(bySeconds: 600)
    #expect(try await claim(Desk.code, sequence: 4, from: "192.0.2.7") == .resting(until: until))
    guard case .right = try await claim(Desk.code, sequence: 4, from: "192.0.2.8"),
      case .right = try await claim(Desk.code, sequence: 4),
      case .right = try await claim(Desk.code, at: 600, sequence: 4, from: "192.0.2.7")
    else {
      Issue.record("resting")
      return
    }
  }

  @Test func `while both rest the later end is told`() async throws {
    for sequence in 1...2 { _ = try await desk.take(desk.arrival(desk.number(sequence), id: sequence)) }
    for sequence in [1, 1, 1, 2, 2] { _ = try await claim(wrong, sequence: sequence, from: "a") }
    let later = Desk.night.advanced(bySeconds: 3600)
    #expect(try await claim(Desk.code, sequence: 1, from: "a") == .resting(until: later))
    let sooner = Desk.night.advanced(bySeconds: 600)
    #expect(try await claim(Desk.code, sequence: 2, from: "a") == .resting(until: sooner))
  }
}
