// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulators

/// What stands on the wire under TLS 1.3, to one who cannot read it.
enum Sealed {
  static func record(_ type: UInt8, _ length: Int) -> [UInt8] {
    [type, 3, 3, UInt8(length >> 8), UInt8(length & 0xFF)] + [UInt8](repeating: 0xA5, count: length)
  }

  /// A terminal's handshake: hello, change of cipher, its certificate and finish in one record.
  static let greeting = record(0x16, 500) + record(0x14, 1) + record(0x17, 1_800)
}

struct RequestSpotterTests {
  @Test func `a handshake with a long certificate is no batch`() {
    var spotter = RequestSpotter()
    let found = spotter.take(Sealed.greeting)
    #expect(!found)
  }

  @Test(arguments: [1, 4, 7, 1_000, 100_000])
  func `a batch is found once, in whatever pieces it comes`(piece: Int) {
    let bytes = Sealed.greeting + Sealed.record(0x17, 200) + Sealed.record(0x17, 1_600)
    var spotter = RequestSpotter()
    let found = stride(from: 0, to: bytes.count, by: piece)
      .filter { spotter.take(Array(bytes[$0..<min($0 + piece, bytes.count)])) }
    #expect(found.count == 1)
  }

  @Test func `heads, reports and batches of none are no batch`() {
    var spotter = RequestSpotter()
    let found = spotter.take(Sealed.greeting + Sealed.record(0x17, 700) + Sealed.record(0x17, 1_100))
    #expect(!found)
  }

  @Test func `a long record that is no application data is no batch`() {
    var spotter = RequestSpotter()
    let found = spotter.take(Sealed.greeting + Sealed.record(0x16, 5_000))
    #expect(!found)
  }

  @Test func `in clear any request counts`() {
    var spotter = RequestSpotter()
    let found = spotter.take(Array("GET /v1/time?nonce=00 HTTP/1.1".utf8))
    #expect(found)
  }
}
