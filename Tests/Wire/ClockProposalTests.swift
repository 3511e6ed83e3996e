// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@Suite struct ClockProposalTests {
  private let sample = Sample()
  private let at = Timestamp(milliseconds: 1_795_290_000_000)
  private let nonce = String(repeating: "0a", count: 16)

  private func proposal(at time: Timestamp? = nil, key: SigningKey? = nil) throws -> ClockProposal {
    ClockProposal(
      signed: try SignedTime(nonce: nonce, at: time ?? at, key: key ?? sample.timeKey), boot: 10_000)
  }

  private func refusal(_ proposal: ClockProposal, boot: Int64 = 10_001) throws -> ClockProposal.Refusal {
    let identity = try sample.identity()
    return try #require(throws: ClockProposal.Refusal.self) {
      try proposal.time(by: identity, boot: boot)
    }
  }

  @Test("a signed time goes on with the boot clock, for a minute")
  func advance() throws {
    let identity = try sample.identity()
    let read = try ClockProposal.decode(Canonical.encode(try proposal()))
    #expect(try read.time(by: identity, boot: 10_000) == at)
    #expect(try read.time(by: identity, boot: 70_000) == at.advanced(bySeconds: 60))
    #expect(try refusal(read, boot: 70_001) == .stale)
  }

  @Test("a reading of the boot clock before the proposal's is another boot's")
  func otherBoot() throws {
    #expect(try refusal(try proposal(), boot: 9_999) == .stale)
  }

  @Test("only the centre's time key counts, and only for what it signed")
  func signature() throws {
    #expect(try refusal(try proposal(key: sample.rootKey)) == .unsigned)
    var altered = try proposal()
    altered.signed.at = at.advanced(bySeconds: 1)
    #expect(try refusal(altered) == .unsigned)
  }

  @Test("a time from before the enrolment is an old answer")
  func early() throws {
    let early = try sample.identity().enrolledAt.advanced(bySeconds: -1)
    #expect(try refusal(try proposal(at: early)) == .tooEarly)
  }

  @Test("what is no proposal is refused in words")
  func malformed() {
    #expect(throws: ClockProposal.Refusal.self) { try ClockProposal.decode(Array("{}".utf8)) }
  }
}
