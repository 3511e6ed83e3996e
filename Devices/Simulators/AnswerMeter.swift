// SPDX-License-Identifier: Apache-2.0

/// Tells when an HTTP/1.1 answer is complete, from the bytes alone (RFC 9112, 6.3).
struct AnswerMeter: Sendable {
  private enum Place {
    case head
    case body(left: Int)
    case chunkSize
    case chunk(left: Int)
    case trailer
    case untilClosed
    case complete
  }

  private var place = Place.head
  private var line: [UInt8] = []
  private var status = 0
  private var length: Int?
  private var isChunked = false

  var isComplete: Bool {
    if case .complete = place { true } else { false }
  }

  /// The server has closed: that ends an answer of no stated length.
  mutating func serverClosed() {
    if case .untilClosed = place { place = .complete }
  }

  mutating func take(_ bytes: [UInt8]) {
    for byte in bytes { take(byte) }
  }

  private mutating func take(_ byte: UInt8) {
    switch place {
    case .body(let left): place = left > 1 ? .body(left: left - 1) : .complete
    case .chunk(let left): place = left > 1 ? .chunk(left: left - 1) : .chunkSize
    case .untilClosed, .complete: break
    case .head, .chunkSize, .trailer:
      guard byte == 0x0A else { return line.append(byte) }
      if line.last == 0x0D { line.removeLast() }
      let text = String(decoding: line, as: UTF8.self)
      line = []
      take(line: text)
    }
  }

  private mutating func take(line text: String) {
    switch place {
    case .head: takeHead(text)
    case .chunkSize: takeChunkSize(text)
    case .trailer: if text.isEmpty { place = .complete }
    default: break
    }
  }

  private mutating func takeHead(_ text: String) {
    if text.isEmpty {
      endHead()
    } else if status == 0 {
      status = Int(text.split(separator: " ").dropFirst().first ?? "") ?? 500
    } else if let colon = text.firstIndex(of: ":") {
      let value = text[text.index(after: colon)...].drop { $0 == " " }
      switch text[..<colon].lowercased() {
      case "content-length": length = Int(value)
      case "transfer-encoding": isChunked = value.lowercased().hasSuffix("chunked")
      default: break
      }
    }
  }

  private mutating func endHead() {
    if (100..<200).contains(status) {
      status = 0
    } else if status == 204 || status == 304 {
      place = .complete
    } else if isChunked {
      place = .chunkSize
    } else if let length {
      place = length > 0 ? .body(left: length) : .complete
    } else {
      place = .untilClosed
    }
  }

  /// Chunks end with an empty line, which is met here as a line without a size.
  private mutating func takeChunkSize(_ text: String) {
    guard let size = Int(text.prefix { $0 != ";" && $0 != " " }, radix: 16) else { return }
    place = size > 0 ? .chunk(left: size) : .trailer
  }
}
