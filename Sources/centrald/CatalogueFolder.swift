// SPDX-License-Identifier: Apache-2.0

import Central
import Foundation
import Matters
import Records
import StrictJSON
import Wire

/// `DIR/catalogues`: for each version a signed whole, and from the second on a signed
/// difference from the one before. A version is published once its whole is there.
struct CatalogueFolder {
  /// Differences further back are not served: who is so late gets the whole.
  private static let differencesKept = 50

  let path: String

  /// 0 when none was published.
  func newest() -> Int {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.compactMap { $0.hasSuffix(".whole") ? Int($0.dropLast(6)) : nil }.max() ?? 0
  }

  func whole(_ version: Int) -> String { "\(path)/\(version).whole" }
  func difference(to version: Int) -> String { "\(path)/\(version).difference" }

  /// The catalogue in a published version.
  func catalogue(_ version: Int, root: RootDocument) throws -> Catalogue {
    let bytes = try Files.read(whole(version))
    let payload: [UInt8]
    do throws(WireFault) {
      payload = try CatalogueDocument.verify(bytes, root: root)
    } catch {
      throw Refusal("\(whole(version)) is not signed by this centre: \(error)")
    }
    let edition: CatalogueEdition
    do throws(JSONFault) {
      edition = try StrictJSON.decode(
        CatalogueEdition.self, from: payload, limits: CatalogueDocument.limits)
    } catch {
      throw Refusal("\(whole(version)) is not understood: \(error)")
    }
    guard case .whole(let catalogue) = edition.contents, edition.version == version else {
      throw Refusal("\(whole(version)) is not the whole of version \(version)")
    }
    return catalogue
  }

  /// What the doors serve.
  /// - Parameter installed: names that count while nothing was published.
  func published(
    root: RootDocument, installed: [String: Words.Sentence]
  ) throws -> Catalogues {
    let newest = newest()
    guard newest > 0 else { return Catalogues(matters: installed) }
    let catalogue = try catalogue(newest, root: root)
    var differences: [Int: [UInt8]] = [:]
    for version in max(2, newest - Self.differencesKept)...max(2, newest) {
      differences[version - 1] = try? Files.read(difference(to: version))
    }
    return Catalogues(
      newest: newest, whole: try Files.read(whole(newest)), differences: differences,
      matters: Dictionary(
        catalogue.matters.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first }))
  }
}
