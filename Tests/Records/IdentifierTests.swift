// SPDX-License-Identifier: Apache-2.0

import Records
import Testing

@Suite struct EnvelopeIDTests {
  private static let chance: [UInt8] = [0xFF, 2, 0xFF, 4, 5, 6, 7, 8, 9, 10]

  @Test("time comes first, then the marks of version 7, then chance")
  func layout() {
    let id = EnvelopeID(milliseconds: 0x0123_4567_89AB, chance: Self.chance)
    #expect(id.description == "01234567-89ab-7f02-bf04-05060708090a")
  }

  @Test("text comes back as the same id")
  func roundTrip() {
    let id = EnvelopeID(milliseconds: 1_795_276_800_000, chance: Self.chance)
    #expect(EnvelopeID(id.description) == id)
    #expect(EnvelopeID(bytes: id.bytes) == id)
  }

  @Test("a later id sorts behind an earlier one")
  func order() {
    let early = EnvelopeID(milliseconds: 255, chance: Self.chance)
    let late = EnvelopeID(milliseconds: 256, chance: [UInt8](repeating: 0, count: 10))
    #expect(early < late)
  }

  @Test(
    "what is not lower-case UUID notation is refused",
    arguments: [
      "", "0123456789ab7f02bf0405060708090a", "01234567-89AB-7f02-bf04-05060708090a",
      "01234567-89ab-7f02-bf04-05060708090", "01234567-89ab-7f02-bf0-405060708090a",
      "01234567-89ab-7f02-bf04-0506070809-a", "g1234567-89ab-7f02-bf04-05060708090a",
    ])
  func refused(text: String) {
    #expect(EnvelopeID(text) == nil)
  }

  @Test("only sixteen bytes are an id")
  func bytes() {
    #expect(EnvelopeID(bytes: [UInt8](repeating: 1, count: 15)) == nil)
    #expect(EnvelopeID(bytes: [UInt8](repeating: 1, count: 17)) == nil)
  }
}

@Suite struct HexTests {
  @Test("bytes and text are each other's image")
  func roundTrip() {
    let all = Array(UInt8.min...UInt8.max)
    #expect(Hex.bytes(Hex.text(all).utf8) == all)
    #expect(Hex.text([0, 15, 160, 255]) == "000fa0ff")
  }

  @Test("odd lengths, capitals and other signs are refused", arguments: ["0", "0A", "0g", "0x00", " 00"])
  func refused(text: String) {
    #expect(Hex.bytes(text.utf8) == nil)
  }
}

@Suite struct SlipJobTests {
  @Test("a job is thirty-two hexadecimal characters and nothing else")
  func job() throws {
    let job = SlipJob(chance: [UInt8](repeating: 0xA5, count: 16))
    #expect(job.description == String(repeating: "a5", count: 16))
    #expect(SlipJob(job.description) == job)
    #expect(SlipJob("../" + job.description.dropFirst(3)) == nil)
    #expect(SlipJob(job.description + "00") == nil)
  }
}
