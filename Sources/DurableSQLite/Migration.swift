// SPDX-License-Identifier: Apache-2.0

import GRDB

/// One step of a file's form. Steps are only ever added at the end, and never altered.
public struct Migration: Sendable {
  let name: String
  let sql: String

  public init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
  }

  /// In one transaction, with its name: there whole, or not at all.
  func apply(to database: Database) throws {
    try database.inTransaction(.immediate) {
      try database.execute(sql: Self.table)
      try database.execute(sql: sql)
      guard try Row.fetchOne(database, sql: "PRAGMA foreign_key_check") == nil else {
        throw OpenFault.broken
      }
      try database.execute(
        sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [name])
      return .commit
    }
  }

  /// The names of the steps that a file has seen; GRDB's own table, from the files' beginnings.
  private static let table =
    "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"

  static func applied(to database: Database) throws -> Set<String> {
    guard try database.tableExists("grdb_migrations") else { return [] }
    return Set(try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations"))
  }
}
