// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Matters
import Records
import Testing

@testable import Storage

struct CatalogueShelfTests {
  private let catalogue = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Kiosk/Catalogue/catalogue.json")

  @Test func aFaultyCatalogueIsRefusedWholeAndTheOldOneStays() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = CatalogueShelf(try Shelves.open(path: folder + "/shelves"))
    let good = [UInt8](try Data(contentsOf: catalogue))
    let now = Timestamp(milliseconds: 1)
    #expect(try await shelf.take(good, at: now).refused == nil)

    let text = String(decoding: good, as: UTF8.self)
    let bad = text.replacing("\"dept\": \"civil\"", with: "\"dept\": \"nobody\"", maxReplacements: 1)
    let inForce = try await shelf.take(Array(bad.utf8), at: now)
    #expect(inForce.catalogue.matters.count == 57)
    #expect(inForce.refused?.lines.first?.hasPrefix("matters[") == true)
    #expect(inForce.catalogue.matters.allSatisfy { $0.dept != "nobody" })
  }

  @Test func aFileThatIsNotJSONIsRefusedWithItsPlaceAndNothingIsInForce() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelf = CatalogueShelf(try Shelves.open(path: folder + "/shelves"))
    await #expect(throws: CatalogueFile.Refusal.self) {
      try await shelf.take(Array("{\"meta\": ".utf8), at: Timestamp(milliseconds: 1))
    }
  }

  @Test func aDiskThatTakesNothingDoesNotHideAGoodCatalogue() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shelves = try Shelves.open(path: folder + "/shelves")
    try await shelves.file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
    let good = [UInt8](try Data(contentsOf: catalogue))
    let inForce = try await CatalogueShelf(shelves).take(good, at: Timestamp(milliseconds: 1))
    #expect(inForce.catalogue.matters.count == 57)
    #expect(inForce.unkept == .full)
    let without = try await CatalogueShelf(nil).take(good, at: Timestamp(milliseconds: 1))
    #expect(without.unkept == nil)
  }
}
