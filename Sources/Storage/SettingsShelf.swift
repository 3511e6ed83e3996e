// SPDX-License-Identifier: Apache-2.0

import Records

/// The signed settings in force, kept so that an older file cannot undo them.
public struct SettingsShelf: Sendable {
  private static let name = "settings"
  private let shelves: Shelves?
  private let verify: @Sendable ([UInt8]) throws -> Settings

  /// What was found, and what staff should hear of it.
  public struct Found: Sendable {
    /// Nil when neither the pushed file nor the kept one serves.
    public var settings: Settings?
    /// Why the pushed file was not taken.
    public var refused: String?
    /// Why what is in force could not be read or kept: after a restart it may be forgotten.
    public var unkept: StoreFault?
  }

  /// - Parameters:
  ///   - shelves: nil while they cannot be opened.
  ///   - verify: reads a signed file; throws, with the reason, what is not to be obeyed.
  public init(_ shelves: Shelves?, verify: @escaping @Sendable ([UInt8]) throws -> Settings) {
    self.shelves = shelves
    self.verify = verify
  }

  /// Takes the pushed file when it verifies and is newer than the kept one, else stays with
  /// that. Writes only when something new was taken.
  public func take(_ pushed: [UInt8]?, at time: Timestamp) async -> Found {
    var found = Found()
    var keptBytes: [UInt8]?
    do throws(StoreFault) {
      keptBytes = try await shelves?.document(Self.name)
    } catch {
      found.unkept = error
    }
    // A kept file that no longer verifies was signed for another root; it binds nobody.
    found.settings = keptBytes.flatMap { try? verify($0) }
    guard let pushed, pushed != keptBytes || found.settings == nil else { return found }
    do {
      let settings = try verify(pushed)
      if let objection = objection(to: settings, given: found.settings) {
        found.refused = objection
        return found
      }
      found.settings = settings
    } catch {
      found.refused = "\(error)"
      return found
    }
    found.unkept = await keep(pushed, at: time) ?? found.unkept
    return found
  }

  private func objection(to pushed: Settings, given kept: Settings?) -> String? {
    guard let kept else { return nil }
    if pushed.version < kept.version {
      return "version \(pushed.version) is older than version \(kept.version), which is in force"
    }
    if pushed.version == kept.version {
      return "another file of version \(kept.version) is in force; a change needs a new version"
    }
    return nil
  }

  private func keep(_ bytes: [UInt8], at time: Timestamp) async -> StoreFault? {
    do throws(StoreFault) {
      try await shelves?.keep(bytes, as: Self.name, at: time)
      return nil
    } catch {
      return error
    }
  }
}
