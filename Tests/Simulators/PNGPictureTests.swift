// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulators

struct PNGPictureTests {
  /// Names and data of the chunks, after their check sums have been compared.
  private func chunks(_ png: [UInt8]) throws -> [(String, [UInt8])] {
    var rest = png.dropFirst(8)
    var found: [(String, [UInt8])] = []
    while !rest.isEmpty {
      let count = number(rest.prefix(4))
      let body = Array(rest.dropFirst(4).prefix(4 + count))
      try #require(number(rest.dropFirst(8 + count).prefix(4)) == Int(PNGPicture.check(body)))
      found.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      rest = rest.dropFirst(12 + count)
    }
    return found
  }

  private func number(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Reads stored blocks back.
  private func inflate(_ stream: [UInt8]) throws -> [UInt8] {
    var rest = stream.dropFirst(2)
    var data: [UInt8] = []
    var isLast = false
    while !isLast {
      let head = Array(rest.prefix(5))
      let count = Int(head[1]) | Int(head[2]) << 8
      try #require(head[3] == ~head[1] && head[4] == ~head[2])
      isLast = head[0] == 1
      data += rest.dropFirst(5).prefix(count)
      rest = rest.dropFirst(5 + count)
    }
    try #require(number(rest) == Int(PNGPicture.adler(data)))
    return data
  }

  @Test func `check sums are those of the standards`() {
    #expect(PNGPicture.check(Array("123456789".utf8)) == 0xCBF4_3926)
    #expect(PNGPicture.adler(Array("Wikipedia".utf8)) == 0x11E6_0398)
  }

  @Test(arguments: [1, 2000]) func `a picture comes back dot by dot`(rows: Int) throws {
    var picture = DotPicture(width: 576)
    for row in 0..<rows { picture.append((0..<72).map { UInt8(truncatingIfNeeded: $0 * row) }) }
    let chunks = try chunks(PNGPicture.encode(picture))
    #expect(chunks.map { $0.0 } == ["IHDR", "pHYs", "IDAT", "IEND"])
    #expect(number(chunks[0].1.prefix(4)) == 576)
    #expect(number(chunks[0].1.dropFirst(4).prefix(4)) == rows)
    let lines = try inflate(chunks[2].1)
    let bits = stride(from: 0, to: lines.count, by: 73).flatMap { lines[$0 + 1..<$0 + 73] }
    #expect(bits.map { ~$0 } == picture.bits)
  }
}
