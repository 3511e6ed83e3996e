// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Records

@testable import DurableSQLite

/// A folder with files in it, gone with the test.
enum Folder {
  static func with(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }

  static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

  /// As after a kill: file and log as they lie there now, nobody closed anything.
  static func copy(_ path: String, to copy: String) throws {
    for ending in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + ending, toPath: copy + ending)
    }
  }
}

extension DurableDatabase {
  static let wordsForm = [
    Migration("1", "CREATE TABLE word (text TEXT NOT NULL UNIQUE CHECK (length(text) < 20)) STRICT;")
  ]

  static func ofWords(
    _ path: String, and more: [Migration] = [], outcomeUnknown: @escaping @Sendable () -> Void = {}
  ) throws(OpenFault) -> DurableDatabase {
    try open(path: path, migrations: wordsForm + more, outcomeUnknown: outcomeUnknown)
  }

  func add(_ word: String) async throws(StoreFault) {
    try await write { try $0.execute(sql: "INSERT INTO word (text) VALUES (?)", arguments: [word]) }
  }

  func words() async throws -> [String] {
    try await read { try String.fetchAll($0, sql: "SELECT text FROM word ORDER BY rowid") }
  }
}
