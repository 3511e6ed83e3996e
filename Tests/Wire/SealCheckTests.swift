// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@Suite struct SealCheckTests {
  private let sample = Sample()

  private func check() throws -> SealCheck {
    SealCheck(publicKey: sample.signer.publicKey, identity: try sample.identity())
  }

  @Test("an envelope as it was sealed has no fault")
  func whole() throws {
    let envelope = try sample.sealer().seal(sample.application())
    #expect(try check().fault(of: envelope) == nil)
  }

  @Test("a flipped bit is found wherever it is")
  func flipped() throws {
    let envelope = try sample.sealer().seal(sample.application())
    for part in [\Envelope.header, \.routing, \.content, \.signature] {
      var spoilt = envelope
      spoilt[keyPath: part][10] ^= 1
      #expect(try check().fault(of: spoilt) != nil)
    }
    var renumbered = envelope
    renumbered.after = [envelope.id]
    #expect(try check().fault(of: renumbered) == "the header names another envelope")
  }

  @Test("another key's signature counts only from before the enrolment")
  func otherKey() throws {
    let envelope = try EnvelopeSealer(identity: sample.identity(), signer: .generated())
      .seal(sample.application())
    #expect(try check().fault(of: envelope) == "the signature does not hold")
    var later = try sample.identity()
    later.enrolledAt = later.enrolledAt.advanced(bySeconds: 100_000)
    #expect(SealCheck(publicKey: sample.signer.publicKey, identity: later).fault(of: envelope) == nil)
  }
}
