// SPDX-License-Identifier: Apache-2.0

/// Tells, from the bytes that a terminal sends, that a request begins whose answer is worth
/// losing. In clear that is any request. Under TLS nobody on the way can read it, but the
/// length of each record stands in clear before it (RFC 8446, 5.1): a record of application
/// data as long as an envelope is a batch; a batch of none, an event stream, a report are not.
struct RequestSpotter: Sendable {
  /// The shortest record, in bytes, that is taken for a batch: an application makes one of
  /// 2,070, a batch of none one of 190, the heads of requests 170 (measured).
  static let batch = 1_200

  private enum Kind { case unknown, clear, tls }

  private static let handshake: UInt8 = 0x16
  private static let applicationData: UInt8 = 0x17

  private var kind = Kind.unknown
  /// Of the record under way: its head as far as it came, then how much of it is to come.
  private var head: [UInt8] = []
  private var left = 0
  /// The first record of application data is the end of the handshake, the terminal's
  /// certificate in it.
  private var isGreeted = false

  /// Takes what the terminal sent; true when a request worth losing begins in it.
  mutating func take(_ bytes: [UInt8]) -> Bool {
    if kind == .unknown, let first = bytes.first {
      kind = first == Self.handshake ? .tls : .clear
    }
    return kind == .tls ? findsBatch(bytes) : !bytes.isEmpty
  }

  private mutating func findsBatch(_ bytes: [UInt8]) -> Bool {
    var found = false
    var rest = bytes[...]
    while !rest.isEmpty {
      let passed = rest.prefix(left)
      left -= passed.count
      rest = rest.dropFirst(passed.count)
      let more = rest.prefix(5 - head.count)
      head += more
      rest = rest.dropFirst(more.count)
      if head.count == 5 { found = beginsBatch() || found }
    }
    return found
  }

  /// The record's head is whole.
  private mutating func beginsBatch() -> Bool {
    left = Int(head[3]) << 8 | Int(head[4])
    let isData = head[0] == Self.applicationData
    head = []
    defer { isGreeted = isGreeted || isData }
    return isData && isGreeted && left >= Self.batch
  }
}
