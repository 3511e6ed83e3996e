// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Matters
import Records
import StrictJSON
import Testing

@testable import Storage

/// A folder of its own, the installed file, and catalogues that differ from it a little.
private final class Shelf {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
  let installed: [UInt8]
  let first: Catalogue
  let now = Timestamp(milliseconds: 1)

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Kiosk/Catalogue/catalogue.json")
    installed = [UInt8](try Data(contentsOf: file))
    first = try CatalogueFile.read(installed)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func open(
    _ enrolment: String = "T0001 1", installed other: [UInt8]? = nil
  ) async throws -> (CatalogueShelf, CatalogueShelf.Found, Shelves) {
    let shelves = try Shelves.open(path: folder + "/shelves")
    let (shelf, found) = try await CatalogueShelf.open(
      shelves, enrolment: enrolment, installed: other ?? installed, at: now)
    return (shelf, found, shelves)
  }

  func edited(_ note: String, dept: String? = nil) -> Catalogue {
    var matters = first.matters
    matters[0].note = note
    if let dept { matters[0].dept = dept }
    return Catalogue(
      meta: first.meta, enums: first.enums, regions: first.regions, departments: first.departments,
      certificates: first.certificates, matters: matters, bundles: first.bundles,
      promiseTemplates: first.promiseTemplates)
  }

  func whole(_ version: Int, _ catalogue: Catalogue) throws -> [UInt8] {
    [UInt8](try JSONEncoder().encode(CatalogueEdition(version: version, whole: catalogue)))
  }

  func difference(_ version: Int, _ old: Catalogue, _ new: Catalogue) throws -> [UInt8] {
    let changes = try #require(CatalogueChanges.between(old, new))
    let edition = CatalogueEdition(version: version, from: version - 1, changes: changes)
    return [UInt8](try JSONEncoder().encode(edition))
  }

  var faulty: [UInt8] {
    let text = String(decoding: installed, as: UTF8.self)
    return Array(
      text.replacing("\"dept\": \"civil\"", with: "\"dept\": \"nobody\"", maxReplacements: 1).utf8)
  }
}

@Suite struct CatalogueShelfTests {
  @Test func aFaultyInstalledFileIsRefusedWholeAndTheOldOneStays() async throws {
    let shelf = try Shelf()
    #expect(try await shelf.open().1.refused == nil)
    let (again, found, _) = try await shelf.open(installed: shelf.faulty)
    #expect(again.catalogue == shelf.first)
    #expect(found.refused?.lines.first?.hasPrefix("matters[") == true)
  }

  @Test func aFileThatIsNotJSONIsRefusedWithItsPlaceAndNothingIsInForce() async throws {
    let shelf = try Shelf()
    await #expect(throws: CatalogueFile.Refusal.self) {
      try await shelf.open(installed: Array("{\"meta\": ".utf8))
    }
  }

  @Test func aDiskThatTakesNothingDoesNotHideAGoodCatalogue() async throws {
    let shelf = try Shelf()
    let shelves = try Shelves.open(path: shelf.folder + "/shelves")
    try await shelves.file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
    let (inForce, found) = try await CatalogueShelf.open(
      shelves, enrolment: "T0001 1", installed: shelf.installed, at: shelf.now)
    #expect(inForce.catalogue == shelf.first)
    #expect(found.unkept == .full)
    await #expect(throws: CatalogueObjection.notKept) {
      try await inForce.take(try shelf.whole(1, shelf.edited("1")), at: shelf.now)
    }
    #expect(inForce.catalogue == shelf.first)
    let (without, none) = try await CatalogueShelf.open(
      nil, enrolment: "T0001 1", installed: shelf.installed, at: shelf.now)
    #expect(none.unkept == nil)
    await #expect(throws: CatalogueObjection.notKept) {
      try await without.take(try shelf.whole(1, shelf.edited("1")), at: shelf.now)
    }
  }

  @Test func signedOnesAreTakenWholeAndByDifferenceAndOutliveARestart() async throws {
    let shelf = try Shelf()
    let (one, two) = (shelf.edited("1"), shelf.edited("2"))
    var (inForce, _, shelves) = try await shelf.open()
    #expect(await inForce.version() == 0)
    #expect(try await inForce.take(try shelf.whole(7, one), at: shelf.now) == 7)
    #expect(inForce.catalogue == one)
    #expect(try await inForce.take(try shelf.difference(8, one, two), at: shelf.now) == 8)
    #expect(inForce.catalogue == two)
    try shelves.close()
    (inForce, _, shelves) = try await shelf.open()
    #expect(await inForce.version() == 8)
    // The signed one counts before the installed file.
    #expect(inForce.catalogue == two)
  }

  @Test func whatIsNotNewerOrDoesNotFitIsRefusedAndTheOldOneStays() async throws {
    let shelf = try Shelf()
    let (one, two) = (shelf.edited("1"), shelf.edited("2"))
    let (inForce, _, _) = try await shelf.open()
    await #expect(throws: CatalogueObjection.needsWhole) {
      try await inForce.take(try shelf.difference(2, one, two), at: shelf.now)
    }
    _ = try await inForce.take(try shelf.whole(2, one), at: shelf.now)
    for version in [1, 2] {
      await #expect(throws: CatalogueObjection.notNewer(inForce: 2)) {
        try await inForce.take(try shelf.whole(version, two), at: shelf.now)
      }
    }
    await #expect(throws: CatalogueObjection.needsWhole) {
      try await inForce.take(try shelf.difference(4, one, two), at: shelf.now)
    }
    #expect(inForce.catalogue == one)
  }

  @Test func aSignedCatalogueWithAFaultIsRefusedWithItsPlace() async throws {
    let shelf = try Shelf()
    let (inForce, _, shelves) = try await shelf.open()
    _ = try await inForce.take(try shelf.whole(1, shelf.edited("1")), at: shelf.now)
    let bad = shelf.edited("2", dept: "nobody")
    for payload in [try shelf.whole(2, bad), try shelf.difference(2, shelf.edited("1"), bad)] {
      let objection = await #expect(throws: CatalogueObjection.self) {
        try await inForce.take(payload, at: shelf.now)
      }
      guard case .faulty(let lines)? = objection else {
        Issue.record("\(String(describing: objection))")
        continue
      }
      #expect(lines.first?.hasPrefix("matters[0].dept") == true)
    }
    let unread = await #expect(throws: CatalogueObjection.self) {
      try await inForce.take(Array("{\"version\":2".utf8), at: shelf.now)
    }
    #expect(unread != .notNewer(inForce: 1))
    #expect(inForce.catalogue == shelf.edited("1"))
    #expect(await inForce.version() == 1)
    try shelves.close()
    #expect(try await shelf.open().0.catalogue == shelf.edited("1"))
  }

  @Test func aKeptOneThatIsNotUnderstoodAnyMoreGivesWayToTheInstalledFile() async throws {
    let shelf = try Shelf()
    let (inForce, _, shelves) = try await shelf.open()
    _ = try await inForce.take(try shelf.whole(3, shelf.edited("3")), at: shelf.now)
    let kept = Array("T0001 1\n{\"version\":3,\"from\":null,\"catalogue\":{\"meta\":0}}".utf8)
    try await shelves.keep(kept, as: "catalogue.signed", at: shelf.now)
    try shelves.close()
    let (again, found, _) = try await shelf.open()
    #expect(again.catalogue == shelf.first)
    // 0 asks the centre for the whole newest.
    #expect(await again.version() == 0)
    #expect(found.refused != nil)
  }

  @Test func anotherEnrolmentBeginsAnew() async throws {
    let shelf = try Shelf()
    let (inForce, _, shelves) = try await shelf.open()
    _ = try await inForce.take(try shelf.whole(9, shelf.edited("9")), at: shelf.now)
    try shelves.close()
    let (other, found, _) = try await shelf.open("T0001 2")
    #expect(await other.version() == 0)
    #expect(other.catalogue == shelf.first)
    #expect(found.refused == nil)
    #expect(try await other.take(try shelf.whole(1, shelf.edited("1")), at: shelf.now) == 1)
  }
}
