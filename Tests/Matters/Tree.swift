// SPDX-License-Identifier: Apache-2.0

import Glibc
import Matters
import Records
import StrictJSON
import Testing

/// The files of this tree that the tests hold against the code.
enum Tree {
  private static let root = String(#filePath.dropLast("Tests/Matters/Tree.swift".count))

  static func bytes(_ path: String) throws -> [UInt8] {
    let file = try #require(fopen(root + path, "r"), "\(path) cannot be opened")
    defer { fclose(file) }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      all += chunk.prefix(count)
    }
    return all
  }

  private static let readCatalogue = Result {
    try StrictJSON.decode(Catalogue.self, from: bytes("Kiosk/Catalogue/catalogue.json"))
  }

  private static let readWords = Result {
    Words(
      try StrictJSON.decode([String: Words.Sentence].self, from: bytes("Kiosk/Words/matters.json")))
  }

  /// Read once for all tests.
  static func catalogue() throws -> Catalogue { try readCatalogue.get() }

  static func words() throws -> Words { try readWords.get() }

  static func matter(_ id: String) throws -> Matter {
    try #require(catalogue().matter(id))
  }

  static func field(_ key: String, of matter: String) throws -> FormField {
    try #require(self.matter(matter).form[key])
  }
}
