// SPDX-License-Identifier: Apache-2.0

extension CatalogueInspector {
  mutating func inspect(_ bundle: MatterBundle, at place: String) {
    requireText(bundle.nameZh, "\(place).name_zh")
    requireText(bundle.nameEn, "\(place).name_en")
    require(!bundle.items.isEmpty, "\(place).items", "there is nothing in it")
    for (index, department) in bundle.departments.enumerated() {
      requireDepartment(department, "\(place).departments[\(index)]")
    }
    inspectItems(bundle, "\(place).items")
    inspectFields(bundle, place)
    for (index, material) in bundle.mergedMaterials.enumerated() {
      for matter in material.usedBy {
        requireMatter(matter, "\(place).merged_materials[\(index)].used_by")
      }
    }
  }

  private mutating func requireMatter(_ id: String, _ place: String) {
    require(catalogue.matter(id) != nil, place, "there is no matter “\(id)”")
  }

  private mutating func inspectItems(_ bundle: MatterBundle, _ place: String) {
    let inside = Set(bundle.items.map(\.matter))
    requireDistinct(bundle.items.map(\.matter), place, ".matter")
    let edges = Dictionary(
      bundle.items.map { ($0.matter, $0.dependsOn + $0.dependsOnAny) },
      uniquingKeysWith: { first, _ in first })
    for (index, item) in bundle.items.enumerated() {
      let place = "\(place)[\(index)]"
      requireMatter(item.matter, "\(place).matter")
      requireCondition(item.when, on: nil, "\(place).when")
      for other in item.dependsOn + item.dependsOnAny where !inside.contains(other) {
        note("\(place).depends_on", "“\(other)” is not in the bundle")
      }
      require(
        !Cycle.contains(item.matter, in: edges), "\(place).depends_on",
        "“\(item.matter)” waits for itself")
    }
  }

  private mutating func inspectFields(_ bundle: MatterBundle, _ place: String) {
    for (index, shared) in bundle.sharedFields.enumerated() {
      for matter in shared.matters {
        requireField(shared.key, of: matter, "\(place).shared_fields[\(index)]")
      }
    }
    for (index, own) in bundle.ownFields.enumerated() {
      requireField(own.key, of: own.matter, "\(place).own_fields[\(index)]")
    }
  }

  private mutating func requireField(_ key: String, of id: String, _ place: String) {
    guard let matter = catalogue.matter(id) else { return requireMatter(id, place) }
    require(matter.form[key] != nil, place, "“\(id)” has no field “\(key)”")
  }
}
