# SPDX-License-Identifier: Apache-2.0
"""A ledger in its former form, made from one of today: what a terminal has on its disk when a
newer kioskd is put on it. The form is that of migrations 1 and 2, word for word."""

import os
import sqlite3
from pathlib import Path

SCHEMA = """
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES ('1 envelopes, outbox, slips, sequences, audit'),
  ('2 the allotment in use, dry writes');
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
CREATE TABLE allotment (
  row INTEGER PRIMARY KEY CHECK (row = 1),
  text TEXT NOT NULL CHECK (length(text) = 4),
  enrolment TEXT NOT NULL CHECK (length(enrolment) = 4)
) STRICT;
CREATE TABLE dry_write (
  row INTEGER PRIMARY KEY CHECK (row = 1),
  bytes BLOB NOT NULL
) STRICT;
"""

# The same rows, in the form of today.
TODAY = {
    "envelope": "SELECT * FROM today.envelope",
    "outbox": """SELECT row, 'waiting' AS state, NULL AS reason, NULL AS settled_at FROM today.outbox
                 UNION ALL SELECT row, state, reason, settled_at FROM today.settled""",
    "slip": """SELECT job, row, outcome, trouble FROM today.slip
               UNION ALL SELECT job, row, NULL, NULL FROM today.untold
               WHERE job IS NOT NULL AND row NOT IN (SELECT row FROM today.slip)""",
    "sequence": "SELECT * FROM today.sequence",
    "allotment": "SELECT * FROM today.allotment",
}


def make_former(ledger: Path) -> int:
    """Puts a ledger of the former form in the place of a closed one; how many envelopes."""
    old = ledger.with_name("former")
    base = sqlite3.connect(old, isolation_level=None)
    base.execute("PRAGMA journal_mode = WAL")
    base.executescript(SCHEMA)
    base.execute("ATTACH ? AS today", (str(ledger),))
    for table, today in TODAY.items():
        names = ", ".join(row[1] for row in base.execute(f"PRAGMA main.table_info({table})"))
        base.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM ({today})")
    count = base.execute("SELECT count(*) FROM main.envelope").fetchone()[0]
    base.execute("DETACH today")
    base.close()
    for end in ("-wal", "-shm", "-journal"):
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)
    owner = ledger.stat()
    old.rename(ledger)
    os.chown(ledger, owner.st_uid, owner.st_gid)
    ledger.chmod(0o600)
    return count
