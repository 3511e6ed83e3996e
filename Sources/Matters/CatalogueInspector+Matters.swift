// SPDX-License-Identifier: Apache-2.0

extension CatalogueInspector {
  mutating func inspect(_ matter: Matter, at place: String) {
    inspectNames(matter, place)
    inspectCodes(matter, place)
    inspectDeposit(matter, place)
    inspectMaterials(matter, place)
    inspect(matter.form, at: "\(place).form")
    requireCertificate(matter.result.certType, "\(place).result.cert_type")
    for (name, limit) in [
      ("statutory", matter.limits.statutory), ("promised", matter.limits.promised),
    ] {
      require(limit?.value ?? 0 >= 0, "\(place).limits.\(name).value", "is below zero")
    }
    for (index, code) in matter.lifecycle.enumerated() {
      require(
        LifeEvent(rawValue: code) != nil, "\(place).lifecycle[\(index)]",
        "there is no life event “\(code)”")
    }
  }

  private mutating func inspectNames(_ matter: Matter, _ place: String) {
    for (key, text) in [
      ("id", matter.id), ("name_zh", matter.nameZh), ("name_en", matter.nameEn),
      ("summary_zh", matter.summaryZh), ("summary_en", matter.summaryEn),
    ] {
      requireText(text, "\(place).\(key)")
    }
    require(matter.version >= 1, "\(place).version", "versions begin with 1")
    require(!matter.serviceTargets.isEmpty, "\(place).service_targets", "nobody may ask for it")
    for (index, target) in matter.serviceTargets.enumerated() {
      require(
        catalogue.enums.serviceTargets[target] != nil, "\(place).service_targets[\(index)]",
        "there is no target “\(target)”")
    }
  }

  private mutating func inspectCodes(_ matter: Matter, _ place: String) {
    requireDepartment(matter.dept, "\(place).dept")
    require(
      catalogue.enums.taskType[matter.taskType] != nil, "\(place).task_type",
      "there is no type “\(matter.taskType)”")
    require(
      catalogue.enums.useLevel[matter.useLevel] != nil, "\(place).use_level",
      "there is no level “\(matter.useLevel)”")
    require(
      matter.catalogCode.utf8.count == 12, "\(place).catalog_code", "is not 12 characters long")
    let code = matter.taskCode
    guard code.utf8.count == 31 else {
      return note("\(place).task_code", "is \(code.utf8.count) characters long, not 31")
    }
    let uscc = String(code.prefix(18))
    require(
      Checksum.holdsGB32100(uscc), "\(place).task_code",
      "the check character of its first 18 characters is wrong")
    if let department = catalogue.department(matter.dept), department.uscc != uscc {
      note("\(place).task_code", "begins with the code of another body than “\(matter.dept)”")
    }
    require(
      code.dropFirst(18) == matter.useLevel + matter.catalogCode, "\(place).task_code",
      "does not end with use_level and catalog_code")
  }

  private mutating func inspectDeposit(_ matter: Matter, _ place: String) {
    let rules = matter.kiosk
    guard rules.offlineSubmit == .deposit else { return }
    requireText(rules.offlineReasonZh ?? "", "\(place).kiosk.offline_reason_zh")
    requireText(rules.offlineReasonEn ?? "", "\(place).kiosk.offline_reason_en")
    require(
      matter.handling == .application, "\(place).kiosk.offline_submit",
      "a matter that is decided at once cannot be handed in offline")
  }

  private mutating func inspectMaterials(_ matter: Matter, _ place: String) {
    let keys = Set(matter.form.fields.map(\.key))
    requireDistinct(matter.materials.map(\.id), "\(place).materials", ".id")
    for (index, material) in matter.materials.enumerated() {
      let place = "\(place).materials[\(index)]"
      requireText(material.nameZh, "\(place).name_zh")
      requireText(material.nameEn, "\(place).name_en")
      requireDepartment(material.issuerDept, "\(place).issuer_dept")
      requireCertificate(material.waiver.certType, "\(place).waiver.cert_type")
      requireCondition(material.condition, on: keys, "\(place).condition")
      require(
        !material.gapAllowed || matter.gapAcceptance.allowed, "\(place).gap_allowed",
        "the matter allows no gaps")
      inspectPromise(material, of: matter, "\(place).waiver")
    }
  }

  private mutating func inspectPromise(
    _ material: Material, of matter: Matter, _ place: String
  ) {
    let template = material.waiver.promiseTemplate
    if let template, !templates.contains(template) {
      note("\(place).promise_template", "there is no promise template “\(template)”")
    }
    guard material.waiver.mode == .promise else { return }
    require(matter.promise.allowed, "\(place).mode", "the matter allows no promises")
    require(template != nil, "\(place).promise_template", "a promise needs its text")
  }

  /// `keys` nil: the condition may speak of questions that are not in one form.
  mutating func requireCondition(_ text: String?, on keys: Set<String>?, _ place: String) {
    guard let text else { return }
    guard let condition = Condition(text) else {
      return note(place, "“\(text)” is not of the form key == 'value'")
    }
    guard let keys, !keys.contains(condition.key) else { return }
    note(place, "there is no field “\(condition.key)”")
  }
}
