// SPDX-License-Identifier: Apache-2.0

import GRDB

/// One step of a file's form. Steps are only ever added at the end, and never altered.
public struct Migration: Sendable {
  /// Begins with its number.
  public let name: String
  let sql: String

  public init(_ name: String, _ sql: String) {
    self.name = name
    self.sql = sql
  }

  /// Alters what the CHECKs of `table` say where that changes nothing of the rows that it holds:
  /// they are not copied, the table's text alone is set anew (sqlite.org/lang_altertable.html,
  /// "Making Other Kinds Of Table Schema Changes"). The view made and dropped tells other
  /// connections that the schema changed.
  ///
  /// - Parameter changes: each a piece of the text and what stands there from now on, neither
  ///   with an apostrophe doubled.
  public static func retelling(_ table: String, _ changes: [(String, String)]) -> String {
    func quoted(_ text: String) -> String {
      "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
    let text = changes.reduce("sql") { "replace(\($0), \(quoted($1.0)), \(quoted($1.1)))" }
    return """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_schema SET sql = \(text) WHERE type = 'table' AND name = '\(table)';
      CREATE VIEW passing AS SELECT 1;
      DROP VIEW passing;
      PRAGMA writable_schema = OFF;

      """
  }

  /// A change for `retelling`: from a list of words after IN to alternatives. SQLite lays a table of
  /// its own for each list of more than two words, at every row that is written (5 µs each, measured
  /// with 3.40). An alternative costs nothing.
  ///
  /// - Parameter lines: the words, as the table's text breaks them into lines.
  public static func alternatives(_ column: String, _ lines: [[String]]) -> (String, String) {
    let list = lines.map { $0.map { "'\($0)'" }.joined(separator: ", ") }.joined(separator: ",\n    ")
    let condition = lines.flatMap { $0 }.map { "\(column) = '\($0)'" }.joined(separator: " OR ")
    return ("CHECK (\(column) IN (\(list)))", "CHECK (\(condition))")
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

  /// Whether a newer program wrote a file that has seen these steps: it has seen all of ours and
  /// others. Where one of ours is missing besides, its name was damaged.
  public static func isNewer(_ applied: Set<String>, than known: [Migration]) -> Bool {
    applied.isStrictSuperset(of: known.map(\.name))
  }

  /// The names of the steps that a file has seen; GRDB's own table, from the files' beginnings.
  private static let table =
    "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)"

  static func applied(to database: Database) throws -> Set<String> {
    guard try database.tableExists("grdb_migrations") else { return [] }
    return Set(try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations"))
  }
}
