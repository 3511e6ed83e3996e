// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

extension LedgerSchema {
  /// Withdrawals and corrections; what is counted is kept, so that nothing is ever counted
  /// by reading a million rows; slips lie in the order of their filings, so that a filing
  /// writes to the end of every table.
  static let third = Migration(
    "3 all kinds of filings, untold, tallies, commands, an audit that only grows",
    envelopes + outbox + slips + sequences + commands)

  private static let envelopes = """
    CREATE TABLE envelope_3 (
      row INTEGER PRIMARY KEY,
      id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
      number TEXT NOT NULL CHECK (length(number) = 24),
      kind TEXT NOT NULL
        CHECK (kind IN ('application', 'told', 'rating', 'withdrawal', 'correction')),
      follows BLOB NOT NULL CHECK (length(follows) % 16 = 0),
      kept_at INTEGER NOT NULL,
      quality TEXT NOT NULL CHECK (quality IN ('synchronised', 'running', 'unknown')),
      header BLOB NOT NULL,
      routing BLOB NOT NULL,
      content BLOB NOT NULL,
      signature BLOB NOT NULL CHECK (length(signature) = 64)
    ) STRICT;
    INSERT INTO envelope_3
      SELECT row, id, number, kind, follows, kept_at, 'unknown', header, routing, content, signature
      FROM envelope ORDER BY row;
    DROP TABLE envelope;
    ALTER TABLE envelope_3 RENAME TO envelope;
    CREATE UNIQUE INDEX one_filing_a_number ON envelope (number)
      WHERE kind IN ('application', 'withdrawal', 'correction');
    CREATE UNIQUE INDEX told_once ON envelope (number) WHERE kind = 'told';
    CREATE INDEX ratings ON envelope (number) WHERE kind = 'rating';

    CREATE TABLE untold (
      row INTEGER PRIMARY KEY REFERENCES envelope (row)
    ) STRICT;
    INSERT INTO untold SELECT row FROM envelope AS filing WHERE kind = 'application'
      AND NOT EXISTS (SELECT 1 FROM envelope WHERE kind = 'told' AND number = filing.number);
    CREATE TRIGGER a_filing_is_untold AFTER INSERT ON envelope
      WHEN NEW.kind IN ('application', 'withdrawal', 'correction')
    BEGIN
      INSERT INTO untold (row) VALUES (NEW.row);
    END;
    CREATE TRIGGER until_it_is_told AFTER INSERT ON envelope WHEN NEW.kind = 'told'
    BEGIN
      DELETE FROM untold WHERE row = (SELECT row FROM envelope
        WHERE number = NEW.number AND kind IN ('application', 'withdrawal', 'correction'));
    END;

    """

  private static let outbox = """
    CREATE TABLE outbox_3 (
      row INTEGER PRIMARY KEY REFERENCES envelope (row),
      state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'refused')),
      reason TEXT CHECK ((state = 'refused') = (reason IS NOT NULL)),
      correctable INTEGER CHECK (correctable IN (0, 1)) CHECK (state = 'refused' OR correctable IS NULL),
      settled_at INTEGER CHECK ((state = 'waiting') = (settled_at IS NULL))
    ) STRICT;
    INSERT INTO outbox_3 (row, state, reason, settled_at)
      SELECT row, state, reason, settled_at FROM outbox ORDER BY row;
    DROP TABLE outbox;
    ALTER TABLE outbox_3 RENAME TO outbox;
    CREATE INDEX outbox_waiting ON outbox (row) WHERE state = 'waiting';

    CREATE TABLE tally (
      row INTEGER PRIMARY KEY CHECK (row = 1),
      sent INTEGER NOT NULL CHECK (sent >= 0),
      refused INTEGER NOT NULL CHECK (refused >= 0)
    ) STRICT;
    INSERT INTO tally SELECT 1, coalesce(sum(state = 'sent'), 0), coalesce(sum(state = 'refused'), 0)
      FROM outbox;
    CREATE TRIGGER what_is_settled_is_counted AFTER UPDATE OF state ON outbox
      WHEN NEW.state <> OLD.state
    BEGIN
      UPDATE tally SET sent = sent + (NEW.state = 'sent') - (OLD.state = 'sent'),
        refused = refused + (NEW.state = 'refused') - (OLD.state = 'refused');
    END;
    CREATE TRIGGER only_what_was_sent_goes BEFORE DELETE ON outbox WHEN OLD.state <> 'sent'
    BEGIN
      SELECT raise(ABORT, 'only what was sent may go');
    END;
    CREATE TRIGGER what_goes_is_counted AFTER DELETE ON outbox
    BEGIN
      UPDATE tally SET sent = sent - 1;
    END;

    """

  private static let slips = """
    CREATE TABLE slip_3 (
      row INTEGER NOT NULL REFERENCES envelope (row),
      job TEXT NOT NULL CHECK (length(job) = 32),
      outcome TEXT CHECK (outcome IN ('printed', 'notPrinted', 'unknown')),
      trouble TEXT,
      PRIMARY KEY (row, job)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO slip_3 SELECT row, job, outcome, trouble FROM slip ORDER BY row, job;
    DROP TABLE slip;
    ALTER TABLE slip_3 RENAME TO slip;

    """

  /// `skipped`: passed over after an unclean end, see `NumberMarks`; `pruned` of the `filed`.
  private static let sequences = """
    CREATE TABLE sequence_3 (
      allotment TEXT NOT NULL CHECK (length(allotment) = 4),
      day TEXT NOT NULL CHECK (length(day) = 8),
      last INTEGER NOT NULL CHECK (last BETWEEN 1 AND 99999),
      filed INTEGER NOT NULL CHECK (filed >= 0),
      pruned INTEGER NOT NULL DEFAULT 0 CHECK (pruned BETWEEN 0 AND filed),
      skipped INTEGER NOT NULL DEFAULT 0 CHECK (skipped >= 0),
      PRIMARY KEY (allotment, day),
      CHECK (filed + skipped <= last)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO sequence_3 (allotment, day, last, filed)
      SELECT allotment, day, last, (SELECT count(*) FROM envelope WHERE kind = 'application'
        AND substr(number, 7, 12) = sequence.allotment || sequence.day)
      FROM sequence ORDER BY allotment, day;
    DROP TABLE sequence;
    ALTER TABLE sequence_3 RENAME TO sequence;
    -- A ledger from before allotments were kept has numbered from its enrolment's own.
    INSERT OR IGNORE INTO allotment (row, text, enrolment)
      SELECT 1, allotment, allotment FROM sequence ORDER BY day DESC LIMIT 1;

    """

  private static let commands = """
    CREATE TABLE command (
      id TEXT PRIMARY KEY CHECK (length(id) = 32),
      act TEXT NOT NULL,
      until INTEGER NOT NULL,
      begun_at INTEGER NOT NULL,
      word TEXT CHECK (word IN ('done', 'refused', 'failed', 'unknown')),
      detail TEXT CHECK (detail IS NULL OR word IS NOT NULL),
      ended_at INTEGER CHECK ((word IS NULL) = (ended_at IS NULL))
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER an_entry_stays BEFORE DELETE ON audit
    BEGIN
      SELECT raise(ABORT, 'the audit only grows');
    END;
    CREATE TRIGGER an_entry_stays_as_it_is BEFORE UPDATE ON audit
    BEGIN
      SELECT raise(ABORT, 'the audit only grows');
    END;
    """
}
