// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import Testing
import Wire

@Suite struct CanonicalTests {
  let sample = Sample()

  @Test func `keys are in order, slashes bare, characters as they are`() {
    let bytes = Canonical.encode(["b": "a/b", "a": "𠮷\"\n", "c": "é"])
    #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":"𠮷\"\n","b":"a/b","c":"é"}"#)
  }

  @Test func `a header has this one form`() throws {
    let sealed = try sample.sealer().seal(sample.told())
    let (_, header) = try EnvelopeMessage(sealed).envelope()
    let expected = """
      {"after":["01a1fa5f-6c00-7102-8304-05060708090a"],"content":null,"day":"20261121","format":1,\
      "id":"01a1fa5f-6c00-7102-8304-05060708090a",\
      "keys":{"content":"\(sample.contentKey.sealingKey.id)",\
      "routing":"\(sample.routingKey.sealingKey.id)"},\
      "kind":"told","number":"\(header.number)",\
      "routing":{"sha256":"\(header.routing.sha256)","size":\(sealed.routing.count)},\
      "suite":"hpke-x25519-hkdfsha256-chacha20poly1305","terminal":"T0012"}
      """
    #expect(String(decoding: sealed.header, as: UTF8.self) == expected)
  }

  @Test func `encoding the same value again gives the same bytes`() throws {
    let content = sample.content()
    let first = Canonical.encode(content)
    for _ in 0..<50 { #expect(Canonical.encode(content) == first) }
  }

  @Test(arguments: ["T0012", "a\"b\\c/d", "\u{1}\u{7F}", "苏州·𠮷", ""])
  func `a header is what the general encoder would write`(terminal: String) throws {
    var identity = try sample.identity()
    identity.terminal = terminal
    let sealer = try EnvelopeSealer(identity: identity, signer: sample.signer)
    for submission in [try sample.application(), try sample.told()] {
      let written = try sealer.seal(submission).header
      let read = try JSONDecoder().decode([String: Loose].self, from: Data(written))
      #expect(Canonical.encode(read) == written)
    }
  }

  private func refused(_ text: String) throws -> WireFault? {
    do throws(WireFault) {
      _ = try EnvelopeHeader(canonical: Array(text.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test func `a header in any other form is refused`() throws {
    let text = String(
      decoding: try sample.sealer().seal(sample.application()).header, as: UTF8.self)
    #expect(try refused(text) == nil)
    #expect(try refused(text.replacing("{\"after\":[],", with: "{ \"after\":[],")) == .notCanonical)
    let reordered = text.replacing("\"after\":[],", with: "").dropLast() + ",\"after\":[]}"
    #expect(try refused(String(reordered)) == .notCanonical)
    #expect(try refused(text.replacing("T0012", with: "T\\u0030012")) == .notCanonical)
    let number = try sample.reservation().number
    #expect(
      try refused(text.replacing(number.description, with: number.grouped)) == .notCanonical)
    #expect(try refused(text + "\n") == .notCanonical)
    let without = text.replacing("\"after\":[],", with: "")
    for wrong in [
      text.replacing("\"format\":1", with: "\"format\":2"),
      text.replacing("\"day\":\"20261121\"", with: "\"day\":\"20261122\""),
      text.replacing("chacha20poly1305", with: "aes128gcm"),
      text.replacing("{\"after\"", with: "{\"extra\":1,\"after\""),
      text.replacing("{\"after\":[],", with: "{\"after\":[],\"after\":[],"),
      text.replacing("T0012", with: ""), without, "", "[]",
    ] {
      guard case .malformed = try refused(wrong) else {
        Issue.record("taken: \(wrong)")
        continue
      }
    }
  }

  @Test(arguments: ["QR==", "QQ", "Q Q=", "====", "QQ==\n"])
  func `base 64 in any other form is refused`(text: String) {
    #expect(Base64(text: text) == nil)
  }

  @Test func `base 64 carries every byte`() {
    let bytes = [UInt8](0...255)
    #expect(Base64(text: Base64(bytes).text)?.bytes == bytes)
    #expect(Base64(text: "")?.bytes == [])
  }
}

/// Any JSON without fractions.
private indirect enum Loose: Codable {
  case null
  case number(Int)
  case text(String)
  case list([Loose])
  case object([String: Loose])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let number = try? container.decode(Int.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Loose].self) {
      self = .list(list)
    } else {
      self = .object(try container.decode([String: Loose].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .list(let list): try container.encode(list)
    case .object(let object): try container.encode(object)
    }
  }
}
