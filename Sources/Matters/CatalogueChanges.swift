// SPDX-License-Identifier: Apache-2.0

/// How one catalogue differs from an earlier one: only what changed, so that a correction of
/// one matter travels as one matter. What is absent stays as it was.
public struct CatalogueChanges: Hashable, Sendable, Codable {
  public var meta: Catalogue.Meta?
  public var enums: CodeTables?
  public var regions: ListChanges<Region>?
  public var departments: ListChanges<Department>?
  public var certificates: ListChanges<CertificateKind>?
  public var matters: ListChanges<Matter>?
  public var bundles: ListChanges<MatterBundle>?
  public var promiseTemplates: ListChanges<PromiseTemplate>?

  enum CodingKeys: String, CodingKey {
    case meta, enums, regions, departments, certificates, matters, bundles
    case promiseTemplates = "promise_templates"
  }

  /// Nil when an id stands twice in one list of either: such a catalogue is faulty, and can
  /// be sent only whole.
  public static func between(_ old: Catalogue, _ new: Catalogue) -> CatalogueChanges? {
    do throws(DoubledID) {
      return CatalogueChanges(
        meta: old.meta == new.meta ? nil : new.meta,
        enums: old.enums == new.enums ? nil : new.enums,
        regions: try ListChanges(from: old.regions, to: new.regions),
        departments: try ListChanges(from: old.departments, to: new.departments),
        certificates: try ListChanges(from: old.certificates, to: new.certificates),
        matters: try ListChanges(from: old.matters, to: new.matters),
        bundles: try ListChanges(from: old.bundles, to: new.bundles),
        promiseTemplates: try ListChanges(from: old.promiseTemplates, to: new.promiseTemplates))
    } catch {
      return nil
    }
  }
}

extension Catalogue {
  /// This catalogue with `changes` made to it; faults are not looked for beyond that. Throws,
  /// with the place, when the changes belong to another catalogue than this one.
  public func applying(_ changes: CatalogueChanges) throws(CatalogueFault) -> Catalogue {
    Catalogue(
      meta: changes.meta ?? meta,
      enums: changes.enums ?? enums,
      regions: try changes.regions.applied(to: regions, at: "regions"),
      departments: try changes.departments.applied(to: departments, at: "departments"),
      certificates: try changes.certificates.applied(to: certificates, at: "certificates"),
      matters: try changes.matters.applied(to: matters, at: "matters"),
      bundles: try changes.bundles.applied(to: bundles, at: "bundles"),
      promiseTemplates: try changes.promiseTemplates.applied(
        to: promiseTemplates, at: "promise_templates"))
  }
}

extension Optional {
  fileprivate func applied<Entry>(
    to list: [Entry], at place: String
  ) throws(CatalogueFault) -> [Entry] where Wrapped == ListChanges<Entry> {
    guard let self else { return list }
    return try self.applied(to: list, at: "changes.\(place)")
  }
}

/// An entry of a catalogue's list, known by an id that stands once in it.
public protocol CatalogueEntry: Hashable, Sendable, Codable {
  var entryID: String { get }
}

extension Region: CatalogueEntry { public var entryID: String { code } }
extension Department: CatalogueEntry { public var entryID: String { id } }
extension CertificateKind: CatalogueEntry { public var entryID: String { id } }
extension Matter: CatalogueEntry { public var entryID: String { id } }
extension MatterBundle: CatalogueEntry { public var entryID: String { id } }
extension PromiseTemplate: CatalogueEntry { public var entryID: String { id } }
