// SPDX-License-Identifier: Apache-2.0

import Records
import Testing
import Wire

@Suite struct SignedTimeTests {
  let key = SigningKey.generated()
  let nonce = "000102030405060708090a0b0c0d0e0f"
  let noon = Timestamp(milliseconds: 1_795_233_600_000)

  @Test func `an answer holds for its own question`() throws {
    let answer = try SignedTime(nonce: nonce, at: noon, key: key)
    let read = try SignedTime.decode(Canonical.encode(answer))
    #expect(read == answer)
    try read.verify(nonce: nonce, key: key.publicKey)
  }

  @Test func `an old answer does not hold for a new question`() throws {
    let answer = try SignedTime(nonce: nonce, at: noon, key: key)
    let other = "ff" + nonce.dropFirst(2)
    #expect(throws: WireFault.malformed("an answer to another question")) {
      try answer.verify(nonce: other, key: key.publicKey)
    }
    // Nor with the question written over.
    var altered = answer
    altered.nonce = other
    #expect(throws: WireFault.unsigned) { try altered.verify(nonce: other, key: key.publicKey) }
  }

  @Test func `a time that was changed, or signed by another, does not hold`() throws {
    var answer = try SignedTime(nonce: nonce, at: noon, key: key)
    #expect(throws: WireFault.unsigned) {
      try answer.verify(nonce: nonce, key: SigningKey.generated().publicKey)
    }
    answer.at = noon.advanced(bySeconds: 1)
    #expect(throws: WireFault.unsigned) { try answer.verify(nonce: nonce, key: key.publicKey) }
  }

  @Test(arguments: ["", "00", "000102030405060708090A0B0C0D0E0F", "zz0102030405060708090a0b0c0d0e0f"])
  func `a nonce is 32 characters of small hexadecimal`(text: String) {
    #expect(!SignedTime.isNonce(text))
    #expect(SignedTime.isNonce(nonce))
  }
}
