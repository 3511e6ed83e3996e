// SPDX-License-Identifier: Apache-2.0

import Matters
import StrictJSON

/// A catalogue file, read strictly: taken whole, or refused whole with every fault named.
public enum CatalogueFile {
  static let limits = StrictJSON.Limits(depth: 32, bytes: 64 << 20)

  public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// Each with its place; the first fifty and how many more.
    public var lines: [String]

    public var description: String { lines.first ?? "" }
  }

  public static func read(_ bytes: [UInt8]) throws(Refusal) -> Catalogue {
    let catalogue: Catalogue
    do throws(JSONFault) {
      catalogue = try StrictJSON.decode(Catalogue.self, from: bytes, limits: limits)
    } catch {
      throw Refusal(lines: ["\(error)"])
    }
    let faults = catalogue.faults()
    guard faults.isEmpty else { throw Refusal(lines: CatalogueFault.report(faults)) }
    return catalogue
  }
}
