// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The tree this test was built from.
struct SourceTree: Sendable {
  private static let root = String(#filePath.dropLast("Tests/HouseRules/SourceTree.swift".count))

  /// Read once for all tests.
  static let read = Result { try SourceTree() }

  let sources: [SourceFile]
  let tests: [SourceFile]
  let words: [SourceFile]
  let manifest: SourceFile

  private init() throws {
    sources = try Self.files(in: ["Sources", "Devices"], endingIn: ".swift")
    tests = try Self.files(in: ["Tests"], endingIn: ".swift")
    words = try Self.files(in: ["Kiosk/Words"], endingIn: ".json")
    manifest = try Self.file("Package.swift")
  }

  /// Every key of Kiosk/Words.
  func wordKeys() throws -> Set<String> {
    Set(try words.flatMap { try WordsRules.read($0).keys })
  }

  private static func file(_ path: String) throws -> SourceFile {
    let text = try String(contentsOfFile: root + path, encoding: .utf8)
    return SourceFile(path: path, text: text)
  }

  private static func files(in folders: [String], endingIn ending: String) throws -> [SourceFile] {
    try folders.flatMap { folder in
      let place = URL(fileURLWithPath: root + folder).resolvingSymlinksInPath().path
      let found = FileManager.default.enumerator(atPath: place)?.allObjects as? [String]
      return try (found ?? []).filter { $0.hasSuffix(ending) }.sorted()
        .map { try file(folder + "/" + $0) }
    }
  }
}
