// SPDX-License-Identifier: Apache-2.0

/// Something in a catalogue that reads well but cannot be right. One fault refuses the
/// whole file.
public struct CatalogueFault: Error, Hashable, Sendable, CustomStringConvertible {
  /// `matters[3].form[0].options`, as `JSONFault` writes places.
  public let place: String
  public let sentence: String

  public init(place: String, sentence: String) {
    self.place = place
    self.sentence = sentence
  }

  public var description: String { "\(place): \(sentence)" }

  /// At most the first 50 as lines, and how many more there are.
  public static func report(_ faults: [CatalogueFault], most: Int = 50) -> [String] {
    let lines = faults.prefix(most).map(\.description)
    let more = faults.count - lines.count
    return more > 0 ? lines + ["and \(more) more"] : lines
  }
}

extension Catalogue {
  /// All that is wrong beyond form and types, in the order of the file; empty when the
  /// catalogue may be used.
  public func faults() -> [CatalogueFault] {
    var inspector = CatalogueInspector(self)
    inspector.inspectTables()
    for (index, matter) in matters.enumerated() {
      inspector.inspect(matter, at: "matters[\(index)]")
    }
    for (index, bundle) in bundles.enumerated() {
      inspector.inspect(bundle, at: "bundles[\(index)]")
    }
    return inspector.faults
  }
}

/// Walks a catalogue and writes down what it finds.
struct CatalogueInspector {
  let catalogue: Catalogue
  let departments: Set<String>
  let certificates: Set<String>
  let templates: Set<String>
  private(set) var faults: [CatalogueFault] = []

  init(_ catalogue: Catalogue) {
    self.catalogue = catalogue
    departments = Set(catalogue.departments.map(\.id))
    certificates = Set(catalogue.certificates.map(\.id))
    templates = Set(catalogue.promiseTemplates.map(\.id))
  }

  mutating func note(_ place: String, _ sentence: String) {
    faults.append(CatalogueFault(place: place, sentence: sentence))
  }

  mutating func require(_ holds: Bool, _ place: String, _ sentence: @autoclosure () -> String) {
    if !holds { note(place, sentence()) }
  }

  mutating func requireText(_ text: String, _ place: String) {
    require(text.contains { !$0.isWhitespace }, place, "is empty")
  }

  mutating func requireDepartment(_ id: String?, _ place: String) {
    guard let id, !departments.contains(id) else { return }
    note(place, "there is no department “\(id)”")
  }

  mutating func requireCertificate(_ id: String?, _ place: String) {
    guard let id, !certificates.contains(id) else { return }
    note(place, "there is no certificate “\(id)”")
  }

  /// Each value but the first of its kind is a fault.
  mutating func requireDistinct(_ values: [String], _ place: String, _ tail: String) {
    var seen = Set<String>()
    for (index, value) in values.enumerated() where !seen.insert(value).inserted {
      note("\(place)[\(index)]\(tail)", "“\(value)” is here twice")
    }
  }
}
