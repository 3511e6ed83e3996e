// SPDX-License-Identifier: Apache-2.0

import GRDB

/// One step of a file's form. Steps are only ever added at the end.
public struct Migration: Sendable {
  let name: String
  let sql: String

  public init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
  }

  static func apply(_ migrations: [Migration], to queue: DatabaseQueue) throws {
    var migrator = DatabaseMigrator()
    for migration in migrations {
      migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
    }
    try migrator.migrate(queue)
  }
}
