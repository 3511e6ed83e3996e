// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import Foundation
import GRDB
import Records
import Testing

@testable import Storage

struct SettingsShelfTests {
  private struct Unsigned: Error, CustomStringConvertible {
    let description = "too few signatures hold"
  }

  /// A signed file in these tests is its version and a word, `3 red`.
  private static func verify(_ bytes: [UInt8]) throws -> Settings {
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard let version = parts.first.flatMap({ Int($0) }), parts.count == 2 else { throw Unsigned() }
    let word = #"{"zh": "", "en": ""}"#
    let site = ["name", "terminal", "counterHours", "nearest"].map { "\"\($0)\": \(word)" }
    let json = """
      {"version": \(version), "signed": {"year": 2026, "month": 11, "day": 20},
       "site": {\(site.joined(separator: ", ")), "phone": "", "nightPhone": ""},
       "featuredMatters": [], "spareAllotments": [], "publicHost": "", "words": {}}
      """
    return try JSONDecoder().decode(Settings.self, from: Data(json.utf8))
  }

  private func withShelf(_ body: (SettingsShelf, Shelves) async throws -> Void) async throws {
    try await LedgerBench.run { bench in
      let shelves = try Shelves.open(path: bench.folder + "/shelves")
      try await body(SettingsShelf(shelves, verify: Self.verify), shelves)
    }
  }

  private func take(_ file: String?, _ shelf: SettingsShelf, at time: Int64 = 1) async -> SettingsShelf.Found
  {
    await shelf.take(file.map { Array($0.utf8) }, at: Timestamp(milliseconds: time))
  }

  @Test func aNewerFileIsTakenAndKept() async throws {
    try await withShelf { shelf, _ in
      #expect(await take("3 red", shelf).settings?.version == 3)
      #expect(await take(nil, shelf).settings?.version == 3)
    }
  }

  @Test func anOlderFileIsRefusedWithTheReason() async throws {
    try await withShelf { shelf, _ in
      _ = await take("3 red", shelf)
      let found = await take("2 red", shelf)
      #expect(found.settings?.version == 3)
      #expect(found.refused == "version 2 is older than version 3, which is in force")
    }
  }

  @Test func anEqualVersionIsTakenOnlyWithEqualBytes() async throws {
    try await withShelf { shelf, _ in
      _ = await take("3 red", shelf)
      #expect(await take("3 red", shelf).refused == nil)
      #expect(await take("3 blue", shelf).refused?.hasPrefix("another file of version 3") == true)
      #expect(await take(nil, shelf).refused == nil)
    }
  }

  @Test func aFileThatDoesNotVerifyIsRefusedWithTheReason() async throws {
    try await withShelf { shelf, _ in
      let first = await take("rubbish", shelf)
      #expect(first.settings == nil)
      #expect(first.refused == "too few signatures hold")
    }
  }

  @Test func theSameFileIsNotWrittenAgain() async throws {
    try await withShelf { shelf, shelves in
      _ = await take("3 red", shelf, at: 1)
      _ = await take("3 red", shelf, at: 2)
      let keptAt = try await shelves.file.read { database in
        try Int.fetchOne(database, sql: "SELECT kept_at FROM document WHERE name = 'settings'")
      }
      #expect(keptAt == 1)
    }
  }

  @Test func onADiskThatTakesNothingANewFileIsInForceAndSaidToBeUnkept() async throws {
    try await withShelf { shelf, shelves in
      _ = await take("3 red", shelf)
      try await shelves.file.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
      let found = await take("4 " + String(repeating: "r", count: 50_000), shelf)
      #expect(found.settings?.version == 4)
      #expect(found.unkept == .full)
    }
  }

  @Test func withoutShelvesTheFileAloneCounts() async throws {
    let shelf = SettingsShelf(nil, verify: Self.verify)
    #expect(await take("3 red", shelf).settings?.version == 3)
    #expect(await take(nil, shelf).settings == nil)
  }
}
