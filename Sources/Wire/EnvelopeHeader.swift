// SPDX-License-Identifier: Apache-2.0

import Records
import StrictJSON

/// The clear part of an envelope: what the ledger orders by and what holds the sealed
/// parts in place. Its canonical JSON is what the terminal signs.
public struct EnvelopeHeader: Hashable, Sendable, Decodable {
  /// 1.
  public var format: Int
  public var id: EnvelopeID
  public var number: CaseNumber
  public var kind: EnvelopeKind
  /// The day in the number, eight digits.
  public var day: String
  /// Ids that the centre must hold before this one counts.
  public var after: [EnvelopeID]
  public var terminal: String
  public var keys: Keys
  public var suite: String
  public var routing: SealedPart
  /// Nil, written as null, when there is none.
  public var content: SealedPart?

  /// Ids of the public keys that the parts are sealed to.
  public struct Keys: Hashable, Sendable, Decodable {
    public var routing: String
    public var content: String

    public init(routing: String, content: String) {
      self.routing = routing
      self.content = content
    }
  }

  /// Pins the sealed bytes of one part.
  public struct SealedPart: Hashable, Sendable, Decodable {
    public var size: Int
    /// Hexadecimal.
    public var sha256: String

    init(_ sealed: [UInt8]) {
      size = sealed.count
      sha256 = Fingerprint.text(sealed)
    }
  }

  /// The canonical JSON: the bytes that are signed.
  public var bytes: [UInt8] { HeaderText.bytes(of: frame, parts: (routing, content)) }

  /// What each sealed part is bound to: the header without the entries of the parts.
  var associatedData: [UInt8] { frame.associatedData }

  private var frame: HeaderFrame {
    HeaderFrame(
      id: id, number: number, kind: kind, day: day, after: after, terminal: terminal, keys: keys)
  }

  /// Reads what somebody sent: strict, canonical, of the format and suite known here.
  public init(canonical bytes: [UInt8]) throws(WireFault) {
    let header = try StrictJSON.wire(
      EnvelopeHeader.self, from: bytes, limits: .init(depth: 4, bytes: 64 * 1024))
    guard header.format == HeaderFrame.format, header.suite == Sealing.suiteName else {
      throw .malformed("format and suite are not known here")
    }
    guard header.bytes == bytes else { throw .notCanonical }
    guard header.day == header.number.day.digits else {
      throw .malformed("the day is not that of the number")
    }
    guard (1...64).contains(header.terminal.utf8.count) else {
      throw .malformed("a terminal's name has 1 to 64 bytes")
    }
    self = header
  }
}

/// A header before its parts are sealed.
struct HeaderFrame {
  static let format = 1

  var format: Int { Self.format }
  let id: EnvelopeID
  let number: CaseNumber
  let kind: EnvelopeKind
  let day: String
  let after: [EnvelopeID]
  let terminal: String
  let keys: EnvelopeHeader.Keys
  var suite: String { Sealing.suiteName }

  var associatedData: [UInt8] { HeaderText.bytes(of: self, parts: nil) }

  /// The header's canonical JSON, once the parts are sealed.
  /// - Parameter content: empty where there is none.
  func bytes(pinning routing: [UInt8], _ content: [UInt8]) -> [UInt8] {
    HeaderText.bytes(
      of: self, parts: (.init(routing), content.isEmpty ? nil : .init(content)))
  }
}
