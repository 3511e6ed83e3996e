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
