// SPDX-License-Identifier: Apache-2.0

import DeviceLinks

/// Takes the holder of a card out of a recorded conversation with an SDT reader. What is in
/// the place of text is invented, of the same length, and can still be decoded; photo and
/// fingerprints are zeros; numbers of cards are zeros; the checks are those of the new
/// bytes. What is not a whole frame might be a piece of one, and becomes zeros too.
public struct SDTScrubber: ExchangeScrubber {
  public init() {}

  public func scrub(_ exchanges: [Exchange]) -> [Exchange] {
    var clean = exchanges
    var asked: [UInt8] = []
    var start = 0
    // Answers may come in any pieces, so all that was read from one request to the next is one.
    for index in exchanges.indices {
      guard case .wrote(let bytes) = exchanges[index].event else { continue }
      scrubAnswers(&clean, start..<index, to: asked)
      clean[index].event = .wrote(Self.isRequest(bytes) ? bytes : [UInt8](repeating: 0, count: bytes.count))
      asked = Array(bytes.dropFirst(7).prefix(2))
      start = index + 1
    }
    scrubAnswers(&clean, start..<exchanges.endIndex, to: asked)
    return clean.map { Exchange(at: $0.at, event: $0.event, comment: nil) }
  }

  /// Requests carry no person: preamble, length, command, parameter, check.
  private static func isRequest(_ bytes: [UInt8]) -> Bool {
    bytes.count == 10 && bytes.starts(with: SDTRequest.preamble)
  }

  private func scrubAnswers(_ exchanges: inout [Exchange], _ range: Range<Int>, to asked: [UInt8]) {
    let stream = range.flatMap { index -> [UInt8] in
      guard case .read(let bytes) = exchanges[index].event else { return [] }
      return bytes
    }
    var rest = scrubbed(stream, asked)[...]
    for index in range {
      guard case .read(let bytes) = exchanges[index].event else { continue }
      exchanges[index].event = .read(Array(rest.prefix(bytes.count)))
      rest = rest.dropFirst(bytes.count)
    }
  }

  private func scrubbed(_ stream: [UInt8], _ asked: [UInt8]) -> [UInt8] {
    var clean = [UInt8](repeating: 0, count: stream.count)
    var place = 0
    while place < stream.count {
      guard let frame = frame(at: place, in: stream) else {
        place += 1
        continue
      }
      clean.replaceSubrange(frame, with: scrubbedFrame(Array(stream[frame]), asked))
      place = frame.upperBound
    }
    return clean
  }

  /// The whole frame that begins here, its check right or wrong.
  private func frame(at place: Int, in stream: [UInt8]) -> Range<Int>? {
    guard stream.count - place >= 11, stream[place...].starts(with: SDTRequest.preamble) else { return nil }
    let length = Int(stream[place + 5]) << 8 | Int(stream[place + 6])
    let end = place + 7 + length
    return length >= 4 && end <= stream.count ? place..<end : nil
  }

  private func scrubbedFrame(_ frame: [UInt8], _ asked: [UInt8]) -> [UInt8] {
    let check = frame.count - 1
    let wasRight = frame[5...].reduce(0, ^) == 0
    var clean = frame
    clean.replaceSubrange(10..<check, with: scrubbedData(Array(frame[10..<check]), asked))
    let right = clean[5..<check].reduce(0, ^)
    // A damaged frame stays one.
    if wasRight { clean[check] = right } else if clean[check] == right { clean[check] ^= 0xFF }
    return clean
  }

  private func scrubbedData(_ data: [UInt8], _ asked: [UInt8]) -> [UInt8] {
    switch asked {
    // The module: its state and its own number.
    case [0x10, 0xFF], [0x11, 0xFF], [0x12, 0xFF]: return data
    case [0x30, 0x03] where data.count == 70:
      return InventedText.scrubbed(data, with: InventedText.address)
    case [0x30, 0x01], [0x30, 0x10]: return scrubbedRead(data, head: asked[1] == 0x01 ? 4 : 6)
    default: return [UInt8](repeating: 0, count: data.count)
    }
  }

  /// Lengths of text, photo and, asked for with 30 10, of fingerprints; then those.
  private func scrubbedRead(_ data: [UInt8], head: Int) -> [UInt8] {
    var clean = [UInt8](repeating: 0, count: data.count)
    guard data.count >= head + 256, data[0] == 1, data[1] == 0 else { return clean }
    clean.replaceSubrange(0..<head, with: data[0..<head])
    let text = InventedText.scrubbed(Array(data[head..<head + 256]))
    clean.replaceSubrange(head..<head + 256, with: text)
    return clean
  }
}
