// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

/// The ledger's form: the schema holds the truth, the code only asks.
enum LedgerSchema {
  static let migrations = [
    Migration(
      "1 envelopes, outbox, slips, sequences, audit",
      """
      CREATE TABLE envelope (
        row INTEGER PRIMARY KEY,
        id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        number TEXT NOT NULL CHECK (length(number) = 24),
        kind TEXT NOT NULL CHECK (kind IN ('application', 'told', 'rating')),
        follows BLOB NOT NULL CHECK (length(follows) % 16 = 0),
        kept_at INTEGER NOT NULL,
        header BLOB NOT NULL,
        routing BLOB NOT NULL,
        content BLOB NOT NULL,
        signature BLOB NOT NULL CHECK (length(signature) = 64)
      ) STRICT;
      CREATE UNIQUE INDEX one_application_a_number ON envelope (number) WHERE kind = 'application';
      CREATE UNIQUE INDEX told_once ON envelope (number) WHERE kind = 'told';

      CREATE TABLE outbox (
        row INTEGER PRIMARY KEY REFERENCES envelope (row),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused')),
        reason TEXT CHECK ((state = 'refused') = (reason IS NOT NULL)),
        settled_at INTEGER CHECK ((state = 'waiting') = (settled_at IS NULL))
      ) STRICT;
      CREATE INDEX outbox_waiting ON outbox (row) WHERE state = 'waiting';

      CREATE TABLE slip (
        job TEXT PRIMARY KEY CHECK (length(job) = 32),
        row INTEGER NOT NULL REFERENCES envelope (row),
        outcome TEXT CHECK (outcome IN ('printed', 'notPrinted', 'unknown')),
        trouble TEXT
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sequence (
        allotment TEXT NOT NULL CHECK (length(allotment) = 4),
        day TEXT NOT NULL CHECK (length(day) = 8),
        last INTEGER NOT NULL CHECK (last BETWEEN 1 AND 99999),
        PRIMARY KEY (allotment, day)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE audit (
        row INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        entry TEXT NOT NULL,
        chain BLOB NOT NULL CHECK (length(chain) = 32)
      ) STRICT;
      """),
    Migration(
      "2 the allotment in use, dry writes",
      """
      CREATE TABLE allotment (
        row INTEGER PRIMARY KEY CHECK (row = 1),
        text TEXT NOT NULL CHECK (length(text) = 4),
        enrolment TEXT NOT NULL CHECK (length(enrolment) = 4)
      ) STRICT;

      CREATE TABLE dry_write (
        row INTEGER PRIMARY KEY CHECK (row = 1),
        bytes BLOB NOT NULL
      ) STRICT;
      """),
    third,
    fourth,
    fifth,
  ]
}
