// SPDX-License-Identifier: Apache-2.0

extension CatalogueInspector {
  mutating func inspectTables() {
    inspectRegions()
    inspectDepartments()
    requireDistinct(catalogue.certificates.map(\.id), "certificates", ".id")
    for (index, certificate) in catalogue.certificates.enumerated() {
      requireDepartment(certificate.issuerDept, "certificates[\(index)].issuer_dept")
    }
    requireDistinct(catalogue.matters.map(\.id), "matters", ".id")
    requireDistinct(catalogue.matters.map(\.taskCode), "matters", ".task_code")
    requireDistinct(catalogue.bundles.map(\.id), "bundles", ".id")
    requireDistinct(catalogue.promiseTemplates.map(\.id), "promise_templates", ".id")
  }

  private mutating func inspectRegions() {
    let codes = Set(catalogue.regions.map(\.code))
    requireDistinct(catalogue.regions.map(\.code), "regions", ".code")
    for (index, region) in catalogue.regions.enumerated() {
      let place = "regions[\(index)]"
      require(Self.isDigits(region.code, 6), "\(place).code", "is not six digits")
      if let parent = region.parent {
        require(codes.contains(parent), "\(place).parent", "there is no region \(parent)")
      }
    }
  }

  private mutating func inspectDepartments() {
    let codes = Set(catalogue.regions.map(\.code))
    requireDistinct(catalogue.departments.map(\.id), "departments", ".id")
    for (index, department) in catalogue.departments.enumerated() {
      let place = "departments[\(index)]"
      requireText(department.nameZh, "\(place).name_zh")
      requireText(department.nameEn, "\(place).name_en")
      require(
        Checksum.holdsGB32100(department.uscc), "\(place).uscc", "the check character is wrong")
      require(
        codes.contains(department.areaCode), "\(place).area_code",
        "there is no region \(department.areaCode)")
      require(
        catalogue.enums.useLevel[department.useLevel] != nil, "\(place).use_level",
        "there is no level “\(department.useLevel)”")
    }
  }

  static func isDigits(_ text: String, _ count: Int) -> Bool {
    text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
