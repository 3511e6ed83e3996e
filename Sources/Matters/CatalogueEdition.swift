// SPDX-License-Identifier: Apache-2.0

/// What a published catalogue says, once its signature holds: one version whole, or how the
/// version before differs from it. In JSON `version`, `from` (null for a whole one), and
/// `catalogue` or `changes`.
public struct CatalogueEdition: Hashable, Sendable {
  /// Grows from 1 with every edition the centre publishes.
  public var version: Int
  public var contents: Contents

  public enum Contents: Hashable, Sendable {
    case whole(Catalogue)
    /// For those who have version `from` in force.
    case difference(from: Int, CatalogueChanges)
  }

  public init(version: Int, whole catalogue: Catalogue) {
    self.version = version
    contents = .whole(catalogue)
  }

  public init(version: Int, from: Int, changes: CatalogueChanges) {
    self.version = version
    contents = .difference(from: from, changes)
  }
}

extension CatalogueEdition: Codable {
  enum CodingKeys: String, CodingKey {
    case version, from, catalogue, changes
  }

  /// Strict: a whole edition has no changes, a difference no catalogue, and versions grow.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    version = try container.decode(Int.self, forKey: .version)
    guard version >= 1 else { throw Self.fault(.version, container, "must be at least 1") }
    if try container.decodeNil(forKey: .from) {
      guard !container.contains(.changes) else {
        throw Self.fault(.changes, container, "changes need the version they start from")
      }
      contents = .whole(try container.decode(Catalogue.self, forKey: .catalogue))
    } else {
      contents = try Self.difference(in: container, to: version)
    }
  }

  private static func difference(
    in container: KeyedDecodingContainer<CodingKeys>, to version: Int
  ) throws -> Contents {
    let from = try container.decode(Int.self, forKey: .from)
    guard from >= 1, from < version else {
      throw fault(.from, container, "must be an earlier version")
    }
    guard !container.contains(.catalogue) else {
      throw fault(.catalogue, container, "a difference holds no catalogue")
    }
    return .difference(
      from: from, try container.decode(CatalogueChanges.self, forKey: .changes))
  }

  private static func fault(
    _ key: CodingKeys, _ container: KeyedDecodingContainer<CodingKeys>, _ sentence: String
  ) -> DecodingError {
    .dataCorruptedError(forKey: key, in: container, debugDescription: sentence)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(version, forKey: .version)
    switch contents {
    case .whole(let catalogue):
      try container.encodeNil(forKey: .from)
      try container.encode(catalogue, forKey: .catalogue)
    case .difference(let from, let changes):
      try container.encode(from, forKey: .from)
      try container.encode(changes, forKey: .changes)
    }
  }
}
