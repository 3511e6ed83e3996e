// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@Suite struct MessageTests {
  let sample = Sample()

  @Test func `a batch and its reply come back as they were`() throws {
    let sealed = try sample.sealer().seal(sample.application())
    let request = BatchRequest(
      batch: "b1", terminal: "T0012", envelopes: [EnvelopeMessage(sealed)])
    #expect(try BatchRequest.decode(Canonical.encode(request)) == request)
    let reply = BatchReply(
      batch: "b1",
      verdicts: [
        VerdictMessage(id: sealed.id, .stored),
        VerdictMessage(id: sealed.id, .refused(reason: "matterWithdrawn", correctable: true)),
      ])
    let bytes = Canonical.encode(reply)
    #expect(try BatchReply.decode(bytes) == reply)
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"batch":"b1","verdicts":[{"id":"\(sealed.id)","verdict":"stored"},\
        {"correctable":true,"id":"\(sealed.id)","reason":"matterWithdrawn","verdict":"refused"}]}
        """)
  }

  @Test(arguments: [Verdict.stored, .already, .refused(reason: "r", correctable: false)])
  func `a verdict means what was said`(verdict: Verdict) throws {
    #expect(VerdictMessage(id: try sample.reservation().id, verdict).meaning == verdict)
  }

  @Test func `a refusal without a reason says nothing`() throws {
    let id = try sample.reservation().id
    let text = #"{"batch":"b","verdicts":[{"id":"\#(id)","verdict":"refused"}]}"#
    #expect(try BatchReply.decode(Array(text.utf8)).verdicts.map(\.meaning) == [nil])
  }

  @Test func `an unknown key in a batch is refused with its place`() {
    let text = #"{"batch":"b","terminal":"T","envelopes":[],"more":1}"#
    #expect { try BatchRequest.decode(Array(text.utf8)) } throws: { error in
      guard case .malformed(let why) = error as? WireFault else { return false }
      return why.contains("more")
    }
  }

  @Test func `an identity comes back as it was`() throws {
    let identity = try sample.identity()
    #expect(try TerminalIdentity.decode(Canonical.encode(identity)) == identity)
    let reply = EnrolmentReply(identity: identity, certificate: "-----BEGIN CERTIFICATE-----")
    #expect(try EnrolmentReply.decode(Canonical.encode(reply)) == reply)
    let request = EnrolmentRequest(
      code: "K7Q4", publicKey: sample.signer.publicKey, certificateRequest: "-----BEGIN")
    #expect(try EnrolmentRequest.decode(Canonical.encode(request)) == request)
  }

  @Test func `a claim's hash differs by number and by code`() throws {
    let number = try sample.reservation().number
    let other = try #require(
      CaseNumber(area: number.area, allotment: number.allotment, day: number.day, sequence: 34))
    let code = ClaimCode(chance: [1, 2, 3, 4, 5])
    let hashes = [
      ClaimHash.of(number, code), ClaimHash.of(other, code),
      ClaimHash.of(number, ClaimCode(chance: [1, 2, 3, 4, 6])),
    ]
    #expect(Set(hashes).count == 3)
    // sha256sum of the two texts, one after the other
    #expect(
      Fingerprint.text(Array("abc".utf8))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(hashes[0] == Fingerprint.text(Array((number.description + code.text).utf8)))
  }
}
