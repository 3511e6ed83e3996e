// SPDX-License-Identifier: Apache-2.0

import Records

/// What a reply frame says, fact by fact: for people who look at bytes, not for the driver.
public struct FrameReport: Hashable, Sendable {
  public struct Fact: Hashable, Sendable {
    public var key: String
    public var value: String
    /// The value with nothing of the person in it but what may be seen by others.
    public var masked: String

    init(_ key: String, _ value: String, mask: (String) -> String = { $0 }) {
      self.key = key
      self.value = value
      masked = mask(value)
    }
  }

  /// Why bytes that began like a frame, or a frame's data, are not what they seem.
  public enum Fault: String, Hashable, Sendable {
    case checksum, short, length
    case innerLength = "inner length"
  }

  public var facts: [Fact]
  public var fault: Fault?

  init(_ fault: Fault) {
    facts = [Fact("error", fault.rawValue)]
    self.fault = fault
  }

  init(_ reply: SDTReply) {
    do throws(CardFault) {
      let isSuccess = reply.status.meaning == .success
      facts = isSuccess ? try Self.facts(of: reply.data) : []
      facts.append(Fact("status", Hex.text([reply.status.third]).uppercased()))
    } catch {
      self = FrameReport(.innerLength)
    }
  }

  private static func facts(of data: [UInt8]) throws(CardFault) -> [Fact] {
    if data.count > CardText.addressSize || data.starts(with: headOfRead) {
      return facts(of: try CardRecord(data))
    }
    if data.count == CardText.addressSize {
      return [Fact("address", CardText.shown(address: data), mask: Masked.address)]
    }
    return ModuleNumber(data).map { [Fact("samID", $0.description)] } ?? []
  }

  /// Text of 256 bytes, photo of 1,024.
  private static let headOfRead: [UInt8] = [0x01, 0x00, 0x04, 0x00]

  private static func facts(of record: CardRecord) -> [Fact] {
    let kind = record.text.document?.rawValue ?? "unknown"
    let fields: [(String, CardField, (String) -> String)] = [
      ("name", .name, Masked.name), ("nameEnglish", .nameEnglish, Masked.name), ("sex", .sex, stars),
      ("ethnicity", .ethnicity, stars), ("birth", .birth, stars), ("address", .address, Masked.address),
      ("id", .idNumber, tail), ("issuer", .issuer, stars), ("validFrom", .validFrom, { $0 }),
      ("validTo", .validTo, { $0 }), ("passNumber", .passNumber, tail),
      ("issueCount", .issueCount, { $0 }), ("nationality", .nationality, stars),
    ]
    return [Fact("kind", kind)]
      + fields.compactMap { key, field, mask in
        record.text.shown(field).map { Fact(key, $0, mask: mask) }
      } + (record.fingerprintBytes.map { [Fact("fingerprintBytes", String($0))] } ?? [])
  }

  private static func stars(_ text: String) -> String { String(repeating: "*", count: text.count) }
  private static func tail(_ text: String) -> String { Masked.middle(text, head: 0, tail: 4) }
}

extension FrameReport {
  /// Every frame of `bytes`, in order, good or bad. Unlike the driver, which trusts no more
  /// than it must, it takes the beginning of the next frame for the end of one cut short.
  public static func all(in bytes: [UInt8]) -> [FrameReport] {
    var reports: [FrameReport] = []
    var place = 0
    while let start = preamble(in: bytes, from: place) {
      let (report, end) = frame(bytes, start)
      reports.append(report)
      place = end
    }
    // Not even a whole preamble.
    if place < bytes.count, reports.isEmpty || SDTRequest.preamble.starts(with: bytes[place...]) {
      reports.append(FrameReport(.short))
    }
    return reports
  }

  /// The frame at `start`, and where the search for the next one goes on.
  private static func frame(_ bytes: [UInt8], _ start: Int) -> (FrameReport, Int) {
    let head = start + SDTRequest.preamble.count
    guard head + 2 <= bytes.count else { return (FrameReport(.short), bytes.count) }
    let end = head + 2 + (Int(bytes[head]) << 8 | Int(bytes[head + 1]))
    let next = preamble(in: bytes, from: head).map { min($0, end) }
    var decoder = SDTDecoder()
    switch decoder.take(bytes[start..<min(end, bytes.count)]).first {
    case .success(let reply): return (FrameReport(reply), end)
    case .failure(.length): return (FrameReport(.length), head + 2)
    case .failure(.checksum):
      if let next, next < end { return (FrameReport(.short), next) }
      return (FrameReport(.checksum), end)
    case nil: return (FrameReport(.short), next ?? bytes.count)
    }
  }

  private static func preamble(in bytes: [UInt8], from place: Int) -> Int? {
    let preamble = SDTRequest.preamble
    return bytes[place...].indices.first { bytes[$0...].starts(with: preamble) }
  }
}

/// Bytes written as hexadecimal digits, in any grouping; what stands behind a `#` on a line
/// is a comment.
public enum HexText {
  /// Where the text is none.
  public struct Fault: Error, Hashable, Sendable {
    /// Counted from 1.
    public var line: Int
    public var isOddCount: Bool
  }

  public static func bytes(_ text: [UInt8]) throws(Fault) -> [UInt8] {
    var digits: [UInt8] = []
    var line = 1
    var isComment = false
    for character in text {
      switch character {
      case 10:
        line += 1
        isComment = false
      case _ where isComment: continue
      case 35: isComment = true
      case 9, 11, 12, 13, 32: continue
      default: digits.append(character < 71 && character > 64 ? character + 32 : character)
      }
      if let last = digits.last, !isDigit(last) { throw Fault(line: line, isOddCount: false) }
    }
    guard let bytes = Hex.bytes(digits) else { throw Fault(line: line, isOddCount: true) }
    return bytes
  }

  private static func isDigit(_ character: UInt8) -> Bool {
    (48...57).contains(character) || (97...102).contains(character)
  }
}
