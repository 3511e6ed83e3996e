// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// What waits on a terminal, as a file that a person can carry: a first line that says what
/// it is, then one sealed envelope a line. Nothing in it can be read without the centre's
/// keys, and it may be taken in as often as one likes.
public enum ExportFile {
  public struct Head: Hashable, Sendable, Codable {
    /// 1.
    public var format: Int
    public var terminal: String
    public var at: Timestamp
    public var envelopes: Int
    public var audit: AuditHead?

    public init(terminal: String, at: Timestamp, envelopes: Int, audit: AuditHead?) {
      format = 1
      self.terminal = terminal
      self.at = at
      self.envelopes = envelopes
      self.audit = audit
    }
  }

  /// One line, its end included.
  public static func line(_ head: Head) -> [UInt8] { Canonical.encode(head) + [10] }

  public static func line(_ envelope: Envelope) -> [UInt8] {
    Canonical.encode(EnvelopeMessage(envelope)) + [10]
  }

  /// Throws `malformed`, with the line, for a file that is not whole or not understood.
  public static func read(_ bytes: [UInt8]) throws(WireFault) -> (Head, [EnvelopeMessage]) {
    let lines = bytes.split(separator: 10)
    guard let first = lines.first else { throw .malformed("the file is empty") }
    let head = try StrictJSON.wire(Head.self, from: Array(first))
    guard head.format == 1 else { throw .malformed("line 1: format \(head.format) is not known here") }
    var messages: [EnvelopeMessage] = []
    for (place, line) in lines.dropFirst().enumerated() {
      do throws(WireFault) {
        messages.append(try StrictJSON.wire(EnvelopeMessage.self, from: Array(line)))
      } catch {
        throw .malformed("line \(place + 2): \(error)")
      }
    }
    guard messages.count == head.envelopes else {
      throw .malformed("\(head.envelopes) envelopes are announced, \(messages.count) are there")
    }
    return (head, messages)
  }
}
