// SPDX-License-Identifier: Apache-2.0

extension ExchangeFile {
  /// More bytes in one exchange than any device has.
  private static let mostBytes = 65_536
  /// More than anybody records: keeps a hostile text from filling the memory by counting.
  private static let mostBytesInAll = 16 * 1024 * 1024

  /// Reads a recording, strictly: a word that is not of the form is a fault with its place.
  public init(_ text: String) throws(ExchangeFault) {
    self.init(exchanges: [])
    // By scalars: a carriage return before a line break would hide the break.
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, String(first) == Self.heading else {
      throw ExchangeFault(line: 1, column: 1, reason: "the first line is not \"\(Self.heading)\"")
    }
    var room = Self.mostBytesInAll
    for (index, scalars) in lines.enumerated().dropFirst() {
      var line = ExchangeLine(scalars, number: index + 1)
      if line.isBlank { continue }
      if let remark = line.remark {
        if exchanges.isEmpty { remarks.append(remark) }
        continue
      }
      let last = exchanges.last?.at ?? .zero
      let exchange = try line.exchange(after: last, mostBytes: min(Self.mostBytes, room))
      if case .wrote(let bytes) = exchange.event { room -= bytes.count }
      if case .read(let bytes) = exchange.event { room -= bytes.count }
      exchanges.append(exchange)
    }
  }
}

/// One line on its way to an exchange.
private struct ExchangeLine {
  private let scalars: [Unicode.Scalar]
  private let number: Int
  private var place = 0

  init(_ scalars: Substring.UnicodeScalarView, number: Int) {
    self.scalars = Array(scalars)
    self.number = number
  }

  var isBlank: Bool { scalars.allSatisfy { $0 == " " } }

  /// The text behind the `#`, of a line that is nothing but a comment.
  var remark: String? {
    guard scalars.first == "#" else { return nil }
    return text(scalars.dropFirst())
  }

  mutating func exchange(after last: Duration, mostBytes: Int) throws(ExchangeFault) -> Exchange {
    let start = next
    let at = try time()
    guard at >= last else { throw fault("this is earlier than the line before", at: start) }
    let event = try event(mostBytes)
    skipSpaces()
    guard place < scalars.count else { return Exchange(at: at, event: event) }
    guard scalars[place] == "#" else { throw fault("nothing but a comment may follow here") }
    return Exchange(at: at, event: event, comment: text(scalars[(place + 1)...]))
  }

  private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    let text = scalars.first == " " ? scalars.dropFirst() : scalars
    return String(String.UnicodeScalarView(text))
  }

  private mutating func event(_ mostBytes: Int) throws(ExchangeFault) -> Exchange.Event {
    let start = next
    switch word() {
    case "open": return try failure().map { .openFailed($0) } ?? .opened
    case ">":
      if let failure = try failure() { return .writeFailed(failure) }
      return .wrote(try bytes(mostBytes))
    case "<":
      if let failure = try failure() { return .readFailed(failure) }
      return .read(try bytes(mostBytes))
    case "reset": return .reset
    case "close": return .closed
    case "baud":
      let place = next
      guard let baud = Int(word()).flatMap(BaudRate.init(rawValue:)) else {
        throw fault("this is no speed of a line", at: place)
      }
      return .baud(baud)
    default: throw fault("this is none of > < open reset baud close", at: start)
    }
  }

  /// The fault behind a `!`, if there is one.
  private mutating func failure() throws(ExchangeFault) -> LinkFault? {
    guard next < scalars.count, scalars[next] == "!" else { return nil }
    _ = word()
    let start = next
    switch word() {
    case "gone": return .gone
    case "denied": return .denied
    case "busy": return .busy
    case "late": return .late
    case "stalled": return .stalled
    case "babble": return .babble
    case "broken":
      let start = next
      guard let code = Int32(word()), code > 0 else { throw fault("this is no error number", at: start) }
      return .broken(code)
    default: throw fault("this is no fault of a link", at: start)
    }
  }

  private mutating func bytes(_ most: Int) throws(ExchangeFault) -> [UInt8] {
    var bytes: [UInt8] = []
    while next < scalars.count, scalars[next] != "#" {
      let start = next
      let parts = word().split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts[0].utf8.count == 2, parts[0].utf8.allSatisfy(isDigit), let byte = UInt8(parts[0], radix: 16)
      else { throw fault("this is no byte in hexadecimal capitals", at: start) }
      guard let count = parts.count == 1 ? 1 : number(parts[1]), count > 0 else {
        throw fault("this is no count of bytes", at: start)
      }
      guard count <= most - bytes.count else { throw fault("these are too many bytes", at: start) }
      bytes += [UInt8](repeating: byte, count: count)
    }
    guard !bytes.isEmpty else { throw fault("bytes or a fault are missing") }
    return bytes
  }

  private func isDigit(_ letter: UInt8) -> Bool { (48...57).contains(letter) || (65...70).contains(letter) }

  /// Seconds with six decimals.
  private mutating func time() throws(ExchangeFault) -> Duration {
    let start = next
    let parts = word().split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let seconds = number(parts[0]), seconds < 1_000_000_000,
      parts[1].utf8.count == 6, let micros = number(parts[1])
    else { throw fault("this is no time in seconds with six decimals", at: start) }
    return .seconds(seconds) + .microseconds(micros)
  }

  /// Plain digits, nothing that `Int` forgives besides.
  private func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (48...57).contains($0) } ? Int(text) : nil
  }

  /// Where the next word begins.
  private var next: Int { scalars[place...].firstIndex { $0 != " " } ?? scalars.count }

  private mutating func skipSpaces() { place = next }

  private mutating func word() -> String {
    skipSpaces()
    let end = scalars[place...].firstIndex(of: " ") ?? scalars.count
    defer { place = end }
    return String(String.UnicodeScalarView(scalars[place..<end]))
  }

  private func fault(_ reason: String, at place: Int? = nil) -> ExchangeFault {
    ExchangeFault(line: number, column: (place ?? self.place) + 1, reason: reason)
  }
}
