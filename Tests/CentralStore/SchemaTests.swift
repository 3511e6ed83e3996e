// SPDX-License-Identifier: Apache-2.0

import DurableSQLite
import GRDB
import Records
import Testing

@testable import CentralStore

/// What an envelope costs is the schema's doing too.
@Suite struct SchemaTests {
  let desk: Desk

  init() async throws { desk = try await Desk() }

  private func store() throws -> SQLiteCaseStore {
    let path = desk.folder + "/other.sqlite"
    try DurableDatabase.open(path: path, migrations: FormerSchema.migrations, layingLog: false) {}
      .close()
    return try SQLiteCaseStore.open(path: path, layingLog: false) {}
  }

  /// SQLite lays one for each list of more than two words, at every row.
  @Test func `an envelope lays no table for its conditions`() async throws {
    let store = try store()
    let steps = try await store.file.read { database in
      try Row.fetchAll(database, sql: "EXPLAIN INSERT INTO envelope (id) VALUES (x'')")
        .map { $0["opcode"] as String }
    }
    #expect(steps.contains("Insert"))
    #expect(!steps.contains("OpenEphemeral"))
    try await store.close()
  }

  @Test(arguments: ["kind", "state", "reason", "time_quality", "assurance", "told"])
  func `a word that is none of its column's is refused`(column: String) async throws {
    let store = try store()
    await #expect(throws: StoreFault.broken) {
      try await store.file.write { try $0.execute(sql: "UPDATE envelope SET \(column) = 'nonsense'") }
    }
    try await store.close()
  }
}
