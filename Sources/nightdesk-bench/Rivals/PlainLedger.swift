// SPDX-License-Identifier: Apache-2.0

import Records

/// The rows of a filing, four tables, in one transaction of plain C SQLite: the ledger's
/// rival, with the same columns, keys and checks of uniqueness, in a log of full size too.
final class PlainLedger {
  private let sqlite: PlainSQLite
  private let begin, envelope, outbox, untold, sequence, commit: PlainStatement

  private static let schema = """
    CREATE TABLE IF NOT EXISTS envelope (row INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,
      number TEXT NOT NULL, kind TEXT NOT NULL, follows BLOB NOT NULL, kept_at INTEGER NOT NULL,
      quality TEXT NOT NULL, header BLOB NOT NULL, routing BLOB NOT NULL, content BLOB NOT NULL,
      signature BLOB NOT NULL) STRICT;
    CREATE UNIQUE INDEX IF NOT EXISTS one_a_number ON envelope (number) WHERE kind = 'application';
    CREATE TABLE IF NOT EXISTS outbox (row INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE IF NOT EXISTS untold (row INTEGER PRIMARY KEY, job TEXT NOT NULL) STRICT;
    CREATE TABLE IF NOT EXISTS sequence (allotment TEXT NOT NULL, day TEXT NOT NULL,
      last INTEGER NOT NULL, filed INTEGER NOT NULL, PRIMARY KEY (allotment, day)) STRICT, WITHOUT ROWID;
    """

  init(path: String) throws {
    try PlainSQLite(path: path).run(Self.schema)
    try PlainSQLite.layLog(beside: path)
    sqlite = try PlainSQLite(path: path)
    begin = try sqlite.prepare("BEGIN IMMEDIATE")
    envelope = try sqlite.prepare(
      """
      INSERT INTO envelope (id, number, kind, follows, kept_at, quality, header, routing, content, signature)
      VALUES (?, ?, 'application', ?, ?, 'synchronised', ?, ?, ?, ?)
      """)
    outbox = try sqlite.prepare("INSERT INTO outbox (row) VALUES (?)")
    untold = try sqlite.prepare("INSERT INTO untold (row, job) VALUES (?, ?)")
    sequence = try sqlite.prepare(
      """
      INSERT INTO sequence (allotment, day, last, filed) VALUES (?, ?, ?, 1)
      ON CONFLICT DO UPDATE SET last = max(last, excluded.last), filed = filed + 1
      """)
    commit = try sqlite.prepare("COMMIT")
  }

  func file(_ filing: Envelope, slip job: SlipJob, at time: Timestamp) throws {
    try begin.step()
    try insert(filing, at: time)
    let row = sqlite.lastRow
    outbox.bind(1, row)
    try outbox.step()
    untold.bind(1, row)
    untold.bind(2, job.description)
    try untold.step()
    sequence.bind(1, filing.number.allotment.text)
    sequence.bind(2, filing.number.day.digits)
    sequence.bind(3, Int64(filing.number.sequence))
    try sequence.step()
    try commit.step()
  }

  private func insert(_ filing: Envelope, at time: Timestamp) throws {
    envelope.bind(1, filing.id.bytes)
    envelope.bind(2, filing.number.description)
    envelope.bind(3, filing.after.flatMap(\.bytes))
    envelope.bind(4, time.milliseconds)
    envelope.bind(5, filing.header)
    envelope.bind(6, filing.routing)
    envelope.bind(7, filing.content)
    envelope.bind(8, filing.signature)
    try envelope.step()
  }
}
