// SPDX-License-Identifier: Apache-2.0

import Matters
import Records
import StrictJSON

/// A catalogue file, read strictly: taken whole, or refused whole with every fault named.
public enum CatalogueFile {
  public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each with its place; the first fifty and how many more.
    public var lines: [String]

    public var description: String { lines.first ?? "" }
  }

  public static func read(_ bytes: [UInt8]) throws(Refusal) -> Catalogue {
    let catalogue: Catalogue
    do throws(JSONFault) {
      catalogue = try StrictJSON.decode(Catalogue.self, from: bytes)
    } catch {
      throw Refusal(lines: ["\(error)"])
    }
    let faults = catalogue.faults()
    guard faults.isEmpty else { throw Refusal(lines: CatalogueFault.report(faults)) }
    return catalogue
  }
}

/// The catalogue in force, kept so that a faulty new one changes nothing.
public struct CatalogueShelf: Sendable {
  private static let name = "catalogue"
  private let shelves: Shelves?

  /// - Parameter shelves: nil while they cannot be opened; then the installed file alone
  ///   counts.
  public init(_ shelves: Shelves?) { self.shelves = shelves }

  /// What is in force, and what staff should hear of it.
  public struct InForce: Sendable {
    public var catalogue: Catalogue
    /// Why the installed file was not taken.
    public var refused: CatalogueFile.Refusal?
    /// Why the installed file, which is in force, could not be kept.
    public var unkept: StoreFault?
  }

  /// Takes the installed file when it has no fault, else the one kept; throws the file's
  /// faults when none is kept.
  public func take(
    _ installed: [UInt8], at time: Timestamp
  ) async throws(CatalogueFile.Refusal) -> InForce {
    do throws(CatalogueFile.Refusal) {
      let catalogue = try CatalogueFile.read(installed)
      return InForce(catalogue: catalogue, refused: nil, unkept: await keep(installed, at: time))
    } catch {
      guard let catalogue = await kept() else { throw error }
      return InForce(catalogue: catalogue, refused: error, unkept: nil)
    }
  }

  private func kept() async -> Catalogue? {
    guard let bytes = try? await shelves?.document(Self.name) else { return nil }
    return try? CatalogueFile.read(bytes)
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
