// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Matters
import Records
import StrictJSON
import Synchronization

/// The catalogue in force, kept so that a faulty new one changes nothing: the signed one of
/// this enrolment, else the installed file, else the installed file that was good last.
public final class CatalogueShelf: CatalogueKeeping, Sendable {
  private static let installedName = "catalogue"
  private static let signedName = "catalogue.signed"

  private struct InForce {
    /// 0 while it is the installed file.
    var version: Int
    var catalogue: Catalogue
  }

  /// What staff should hear of the start.
  public struct Found: Sendable {
    /// Why the signed catalogue that is kept, or the installed file, was passed over.
    public var refused: CatalogueFile.Refusal?
    /// Why the installed file, which is in force, could not be kept.
    public var unkept: StoreFault?
  }

  private let shelves: Shelves?
  private let enrolment: String
  private let inForce: Mutex<InForce>

  private init(_ shelves: Shelves?, enrolment: String, _ first: InForce) {
    self.shelves = shelves
    self.enrolment = enrolment
    inForce = Mutex(first)
  }

  /// The one in force now.
  public var catalogue: Catalogue { inForce.withLock { $0.catalogue } }

  /// Throws the faults of the installed file when nothing else is kept.
  ///
  /// - Parameters:
  ///   - shelves: nil while they cannot be opened; then the installed file alone counts.
  ///   - enrolment: names the enrolment, in one line: the versions of another centre say
  ///     nothing about those of this one.
  public static func open(
    _ shelves: Shelves?, enrolment: String, installed: [UInt8], at time: Timestamp
  ) async throws(CatalogueFile.Refusal) -> (CatalogueShelf, Found) {
    var found = Found()
    do throws(CatalogueFile.Refusal) {
      if let signed = try await signed(on: shelves, enrolment) {
        return (CatalogueShelf(shelves, enrolment: enrolment, signed), found)
      }
    } catch {
      found.refused = error
    }
    let first: Catalogue
    do throws(CatalogueFile.Refusal) {
      first = try CatalogueFile.read(installed)
      found.unkept = await keep(installed, as: installedName, on: shelves, at: time)
    } catch {
      guard let kept = await former(on: shelves) else { throw error }
      (first, found.refused) = (kept, error)
    }
    return (CatalogueShelf(shelves, enrolment: enrolment, InForce(version: 0, catalogue: first)), found)
  }

  public func version() async -> Int { inForce.withLock { $0.version } }

  public func take(
    _ payload: [UInt8], at time: Timestamp
  ) async throws(CatalogueObjection) -> Int {
    let old = inForce.withLock { $0 }
    let edition: CatalogueEdition
    do throws(JSONFault) {
      edition = try StrictJSON.decode(CatalogueEdition.self, from: payload, limits: CatalogueFile.limits)
    } catch {
      throw .faulty(["\(error)"])
    }
    guard edition.version > old.version else { throw .notNewer(inForce: old.version) }
    let new = try Self.catalogue(of: edition, given: old)
    let faults = new.faults()
    guard faults.isEmpty else { throw .faulty(CatalogueFault.report(faults)) }
    try await keep(edition, new, payload, at: time)
    inForce.withLock { $0 = InForce(version: edition.version, catalogue: new) }
    return edition.version
  }

  private static func catalogue(
    of edition: CatalogueEdition, given old: InForce
  ) throws(CatalogueObjection) -> Catalogue {
    switch edition.contents {
    case .whole(let catalogue): return catalogue
    case .difference(let from, let changes):
      guard from == old.version else { throw .needsWhole }
      do throws(CatalogueFault) {
        return try old.catalogue.applying(changes)
      } catch {
        // Made against another catalogue than the one that bears this number here.
        throw .needsWhole
      }
    }
  }

  /// Always whole: the next start reads one document and no chain of them.
  private func keep(
    _ edition: CatalogueEdition, _ catalogue: Catalogue, _ payload: [UInt8], at time: Timestamp
  ) async throws(CatalogueObjection) {
    guard shelves != nil else { throw .notKept }
    var whole = payload
    if case .difference = edition.contents {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .withoutEscapingSlashes
      guard
        let data = try? encoder.encode(CatalogueEdition(version: edition.version, whole: catalogue))
      else { throw .notKept }
      whole = [UInt8](data)
    }
    let fault = await Self.keep(
      Array(enrolment.utf8) + [10] + whole, as: Self.signedName, on: shelves, at: time)
    guard fault == nil else { throw .notKept }
  }
}

extension CatalogueShelf {
  /// Nil when none is kept of this enrolment. Throws when one is, and serves no more.
  private static func signed(
    on shelves: Shelves?, _ enrolment: String
  ) async throws(CatalogueFile.Refusal) -> InForce? {
    // What cannot be read is as good as not there: the centre has it.
    guard let bytes = try? await shelves?.document(signedName),
      let end = bytes.firstIndex(of: 10), bytes[..<end].elementsEqual(enrolment.utf8)
    else { return nil }
    let edition: CatalogueEdition
    do throws(JSONFault) {
      edition = try StrictJSON.decode(
        CatalogueEdition.self, from: Array(bytes[(end + 1)...]), limits: CatalogueFile.limits)
    } catch {
      throw CatalogueFile.Refusal(lines: ["\(error)"])
    }
    guard case .whole(let catalogue) = edition.contents else { return nil }
    let faults = catalogue.faults()
    guard faults.isEmpty else { throw CatalogueFile.Refusal(lines: CatalogueFault.report(faults)) }
    return InForce(version: edition.version, catalogue: catalogue)
  }

  private static func former(on shelves: Shelves?) async -> Catalogue? {
    // A kept file that cannot be read helps nobody; the caller then has no catalogue.
    guard let bytes = try? await shelves?.document(installedName) else { return nil }
    return try? CatalogueFile.read(bytes)
  }

  private static func keep(
    _ bytes: [UInt8], as name: String, on shelves: Shelves?, at time: Timestamp
  ) async -> StoreFault? {
    do throws(StoreFault) {
      try await shelves?.keep(bytes, as: name, at: time)
      return nil
    } catch {
      return error
    }
  }
}
