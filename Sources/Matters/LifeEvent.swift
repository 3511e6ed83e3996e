// SPDX-License-Identifier: Apache-2.0

/// 一生事／一业事: the groups under which residents look for matters, in the order they are
/// offered. The raw values are the catalogue's `lifecycle` codes.
public enum LifeEvent: String, Hashable, Sendable, CaseIterable {
  case work, retire, medical, benefit, housing, family, birth, school, travel, rights
  case open, permit, staff, run, trade, farm, close

  public enum Audience: Hashable, Sendable { case persons, organisations }

  public var audience: Audience {
    switch self {
    case .work, .retire, .medical, .benefit, .housing, .family, .birth, .school, .travel, .rights:
      .persons
    case .open, .permit, .staff, .run, .trade, .farm, .close: .organisations
    }
  }

  /// Key in `Words` of its name.
  public var key: String { "lifecycle.\(rawValue)" }
}
