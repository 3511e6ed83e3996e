// SPDX-License-Identifier: Apache-2.0

import Crypto
import DurableSQLite
import GRDB
import Records

/// What can be made again from documents: apart from the ledger, so that the guide
/// outlives a broken one.
public final class Shelves: Sendable {
  let file: DurableDatabase

  private static let migrations = [
    Migration(
      "1 documents",
      """
      CREATE TABLE document (
        name TEXT PRIMARY KEY,
        digest BLOB NOT NULL CHECK (length(digest) = 32),
        kept_at INTEGER NOT NULL,
        bytes BLOB NOT NULL
      ) STRICT, WITHOUT ROWID;
      """)
  ]

  public static func open(path: String) throws(OpenFault) -> Shelves {
    // Nothing on the shelves was promised to anybody: an unknown outcome is no reason to end.
    Shelves(
      file: try DurableDatabase.open(
        path: path, migrations: migrations, layingLog: false, outcomeUnknown: {}))
  }

  private init(file: DurableDatabase) { self.file = file }

  public func close() throws { try file.close() }

  /// The document last kept under `name`.
  public func document(_ name: String) async throws(StoreFault) -> [UInt8]? {
    try await file.read { database in
      try Row.fetchOne(database, sql: "SELECT bytes FROM document WHERE name = ?", arguments: [name])
        .map { try $0.bytes("bytes") }
    }
  }

  /// Puts `bytes` in the place of the document of that name; writes nothing when they are
  /// the ones kept.
  public func keep(_ bytes: [UInt8], as name: String, at time: Timestamp) async throws(StoreFault) {
    let digest = Array(SHA256.hash(data: bytes))
    guard try await self.digest(of: name) != digest else { return }
    try await file.write { database in
      try database.execute(
        sql: """
          INSERT INTO document (name, digest, kept_at, bytes) VALUES (?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET digest = excluded.digest, kept_at = excluded.kept_at,
            bytes = excluded.bytes
          """, arguments: [name, digest.blob, time.milliseconds, bytes.blob])
    }
  }

  func digest(of name: String) async throws(StoreFault) -> [UInt8]? {
    try await file.read { database in
      try Row.fetchOne(database, sql: "SELECT digest FROM document WHERE name = ?", arguments: [name])
        .map { try $0.bytes("digest") }
    }
  }
}
