// SPDX-License-Identifier: Apache-2.0

/// Reads an event stream (WHATWG HTML, 9.2.6) from bytes cut anywhere. Pure.
struct ServerSentEvents: Sendable {
  struct Event: Hashable, Sendable {
    /// Of this event or the last before it that had one.
    var id: String?
    /// `message` where the stream names none.
    var kind: String
    var data: [UInt8]
  }

  static let mediaType = "text/event-stream"

  private let longest: Int
  private var line: [UInt8] = []
  private var data: [UInt8]?
  private var kind = ""
  private var lastID: String?
  /// The last byte was a carriage return: a line feed that follows belongs to it.
  private var hasReturned = false
  private var isFirstLine = true
  /// The line, or the event, is longer than allowed: it is passed over, those behind it are read.
  private var isLineTooLong = false
  private var isEventTooLong = false

  /// - Parameter longest: bytes of one line, and of the data of one event; more is never kept.
  init(longest: Int = 64 * 1024) { self.longest = longest }

  /// The events that `bytes` complete.
  mutating func read(_ bytes: [UInt8]) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      let isSecondHalf = hasReturned && byte == UInt8(ascii: "\n")
      hasReturned = byte == UInt8(ascii: "\r")
      if isSecondHalf { continue }
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
        if line.count < longest { line.append(byte) } else { isLineTooLong = true }
        continue
      }
      if let event = endLine() { events.append(event) }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer {
      line.removeAll(keepingCapacity: true)
      isLineTooLong = false
    }
    if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    isFirstLine = false
    guard !line.isEmpty else { return dispatch() }
    guard !isLineTooLong else {
      isEventTooLong = true
      return nil
    }
    let colon = line.firstIndex(of: UInt8(ascii: ":"))
    // A comment: a heartbeat.
    guard colon != line.startIndex else { return nil }
    let name = line[..<(colon ?? line.endIndex)]
    var value = colon.map { line[($0 + 1)...] } ?? []
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    take(name, value)
    return nil
  }

  private mutating func take(_ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
    switch String(decoding: name, as: UTF8.self) {
    case "data":
      guard (data?.count ?? 0) + value.count < longest else {
        isEventTooLong = true
        return
      }
      data = data.map { $0 + [UInt8(ascii: "\n")] + value } ?? Array(value)
    case "event": kind = String(decoding: value, as: UTF8.self)
    // It goes back in a header: nothing that would not be one.
    case "id" where value.allSatisfy({ (0x20...0x7E).contains($0) }):
      lastID = value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
    default: break
    }
  }

  private mutating func dispatch() -> Event? {
    defer { (data, kind, isEventTooLong) = (nil, "", false) }
    guard let data, !data.isEmpty, !isEventTooLong else { return nil }
    return Event(id: lastID, kind: kind.isEmpty ? "message" : kind, data: data)
  }
}
