// SPDX-License-Identifier: Apache-2.0

extension CentreSchema {
  /// `audit_*` is the longest chain shown since the newest enrolment; `cut_*` the head that
  /// did not continue it; `doubted_at` when the first shorter head came after the last good one.
  static let terminals = """
    CREATE TABLE terminal (
      name TEXT PRIMARY KEY,
      seen_at INTEGER,
      audit_entries INTEGER CHECK (audit_entries >= 0),
      audit_chain TEXT CHECK (length(audit_chain) = 64),
      cut_entries INTEGER,
      cut_chain TEXT,
      cut_at INTEGER,
      doubted_at INTEGER,
      CHECK ((audit_entries IS NULL) = (audit_chain IS NULL)),
      CHECK ((cut_at IS NULL) = (cut_entries IS NULL) AND (cut_at IS NULL) = (cut_chain IS NULL))
    ) STRICT, WITHOUT ROWID;
    INSERT INTO terminal (name) SELECT DISTINCT terminal FROM enrolment;

    CREATE TABLE certificate (
      row INTEGER PRIMARY KEY,
      fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
      serial TEXT NOT NULL UNIQUE CHECK (length(serial) BETWEEN 1 AND 64),
      terminal TEXT NOT NULL,
      not_after INTEGER NOT NULL,
      issued_at INTEGER NOT NULL,
      revoked_at INTEGER
    ) STRICT;
    CREATE INDEX certificates_of_a_terminal ON certificate (terminal, row);
    """

  /// One row an event; `row` is never given out again. A command's row is its event.
  static let events = """
    CREATE TABLE event (row INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;

    CREATE TABLE command (
      row INTEGER PRIMARY KEY REFERENCES event (row),
      id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
      terminal TEXT NOT NULL,
      act TEXT NOT NULL,
      until INTEGER NOT NULL,
      ordered_at INTEGER NOT NULL,
      word TEXT CHECK (word IN ('done', 'refused', 'failed', 'unknown')),
      detail TEXT,
      finished_at INTEGER,
      CHECK ((word IS NULL) = (finished_at IS NULL)),
      CHECK (detail IS NULL OR word IS NOT NULL)
    ) STRICT;
    CREATE INDEX commands_of_a_terminal ON command (terminal, row);
    CREATE INDEX open_commands_of_a_terminal ON command (terminal, row) WHERE word IS NULL;

    CREATE TABLE catalogue (
      row INTEGER PRIMARY KEY REFERENCES event (row),
      version INTEGER NOT NULL UNIQUE CHECK (version >= 0),
      announced_at INTEGER NOT NULL
    ) STRICT;
    """

  /// The salt keeps addresses from being read off the file at a glance; rows go when their
  /// stretch of time is over.
  static let claimAddresses = """
    CREATE TABLE claim_salt (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      salt BLOB NOT NULL CHECK (length(salt) = 32)
    ) STRICT;
    INSERT INTO claim_salt (one, salt) VALUES (1, randomblob(32));

    CREATE TABLE address_attempt (
      address BLOB PRIMARY KEY CHECK (length(address) = 32),
      since INTEGER NOT NULL,
      wrong INTEGER NOT NULL CHECK (wrong >= 1)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX address_attempts_by_age ON address_attempt (since);
    CREATE INDEX claim_attempts_by_age ON claim_attempt (since);
    """
}
