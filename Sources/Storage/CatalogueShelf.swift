// SPDX-License-Identifier: Apache-2.0

import Crypto
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
  private let shelves: Shelves

  public init(_ shelves: Shelves) { self.shelves = shelves }

  /// What is in force and, when the installed file was refused, why.
  public struct InForce: Sendable {
    public var catalogue: Catalogue
    public var refused: CatalogueFile.Refusal?
  }

  /// Takes the installed file when it has no fault, else the one kept; throws the file's
  /// faults when none is kept.
  public func take(_ installed: [UInt8], at time: Timestamp) async throws -> InForce {
    do throws(CatalogueFile.Refusal) {
      let catalogue = try CatalogueFile.read(installed)
      try await keep(installed, at: time)
      return InForce(catalogue: catalogue, refused: nil)
    } catch {
      guard let kept = try await shelves.document(Self.name),
        let catalogue = try? CatalogueFile.read(kept)
      else { throw error }
      return InForce(catalogue: catalogue, refused: error)
    }
  }

  private func keep(_ bytes: [UInt8], at time: Timestamp) async throws(CatalogueFile.Refusal) {
    let digest = Array(SHA256.hash(data: bytes))
    do throws(StoreFault) {
      guard try await shelves.digest(of: Self.name) != digest else { return }
      try await shelves.keep(bytes, as: Self.name, digest: digest, at: time)
    } catch {
      throw CatalogueFile.Refusal(lines: ["the shelf cannot keep it: \(error)"])
    }
  }
}
