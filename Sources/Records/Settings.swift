// SPDX-License-Identifier: Apache-2.0

/// What administrators decide for a terminal; arrives signed, is applied between visits.
public struct Settings: Hashable, Sendable, Codable {
  /// Only grows.
  public var version: Int
  /// The day it was signed: no clock of ours is right before it.
  public var signed: Day
  public var site: Site
  public var featuredMatters: [String]
  /// Allotments for new ledgers, used in order.
  public var spareAllotments: [Allotment]
  /// Host that the slip's QR names, behind `https://`.
  public var publicHost: String
  /// Binding sentences that a district's legal office has changed.
  public var words: [String: Words.Sentence]
  /// Who may say of a resident, by a code on her telephone, who she is; none without it.
  public var codeIssuers: [CodeIssuer]?

  public struct Site: Hashable, Sendable, Codable {
    /// 政务服务中心／便民服务中心／…: the official name.
    public var name: Words.Sentence
    public var terminal: Words.Sentence
    public var counterHours: Words.Sentence
    public var phone: String
    public var nightPhone: String
    public var nearest: Words.Sentence
  }
}

extension Settings {
  /// One issuer of codes that say who holds them (苏服码).
  public struct CodeIssuer: Hashable, Sendable, Codable {
    /// 1…16 capital letters and digits, as its codes name it.
    public var name: String
    /// Its public key, Ed25519 (RFC 8032): 64 lower-case hexadecimal digits.
    public var key: String
    /// Where it says who holds a code: `https://…`, or `http://127.0.0.1:…` for one that this
    /// very machine asks through a program of its own.
    public var register: String

    public init(name: String, key: String, register: String) {
      self.name = name
      self.key = key
      self.register = register
    }

    private enum CodingKeys: String, CodingKey {
      case name, key, register
    }

    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      name = try values.decode(String.self, forKey: .name)
      key = try values.decode(String.self, forKey: .key)
      register = try values.decode(String.self, forKey: .register)
      try Self.check(Self.isName(name), .name, "this is not 1 … 16 capital letters and digits", values)
      try Self.check(Hex.bytes(key.utf8)?.count == 32, .key, "this is no key of 32 bytes", values)
      let isSafe = ["https://", "http://127.0.0.1:"].contains { register.hasPrefix($0) }
      try Self.check(isSafe, .register, "this is neither https:// nor http://127.0.0.1:", values)
    }

    private static func check(
      _ holds: Bool, _ key: CodingKeys, _ why: String, _ values: KeyedDecodingContainer<CodingKeys>
    ) throws {
      guard !holds else { return }
      throw DecodingError.dataCorruptedError(forKey: key, in: values, debugDescription: why)
    }

    private static func isName(_ text: String) -> Bool {
      (1...16).contains(text.utf8.count)
        && text.utf8.allSatisfy { (48...57).contains($0) || (65...90).contains($0) }
    }
  }
}
