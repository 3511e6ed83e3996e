// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

extension LedgerSchema {
  /// Fewer pages and statements a filing: what waits and what is settled lie apart, so that what
  /// waits needs no index, and a filing's slip lies with its mark of being untold until one of
  /// the two is known.
  static let fourth = Migration(
    "4 what is settled lies apart, a filing's slip with its untold", outbox + untold)

  /// A row is in `outbox` or in `settled`: what is kept waits, the first word takes it from the one
  /// to the other, taking back a refusal puts it back, and only what was sent may go altogether.
  private static let outbox = """
    CREATE TABLE settled (
      row INTEGER PRIMARY KEY REFERENCES envelope (row),
      state TEXT NOT NULL CHECK (state IN ('sent', 'refused')),
      reason TEXT CHECK ((state = 'refused') = (reason IS NOT NULL)),
      correctable INTEGER CHECK (correctable IN (0, 1)) CHECK (state = 'refused' OR correctable IS NULL),
      settled_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO settled SELECT row, state, reason, correctable, settled_at FROM outbox
      WHERE state <> 'waiting' ORDER BY row;
    CREATE TABLE outbox_4 (
      row INTEGER PRIMARY KEY REFERENCES envelope (row)
    ) STRICT;
    INSERT INTO outbox_4 SELECT row FROM outbox WHERE state = 'waiting' ORDER BY row;
    DROP TABLE outbox;
    ALTER TABLE outbox_4 RENAME TO outbox;

    CREATE TRIGGER what_is_kept_waits AFTER INSERT ON envelope
    BEGIN
      INSERT INTO outbox (row) VALUES (NEW.row);
    END;
    CREATE TRIGGER only_what_waits_is_settled BEFORE INSERT ON settled
      WHEN NOT EXISTS (SELECT 1 FROM outbox WHERE row = NEW.row)
    BEGIN
      SELECT raise(ABORT, 'only what waits is settled');
    END;
    CREATE TRIGGER what_is_settled_waits_no_more AFTER INSERT ON settled
    BEGIN
      DELETE FROM outbox WHERE row = NEW.row;
      UPDATE tally SET sent = sent + (NEW.state = 'sent'), refused = refused + (NEW.state = 'refused');
    END;
    CREATE TRIGGER what_waits_stays_until_then BEFORE DELETE ON outbox
      WHEN NOT EXISTS (SELECT 1 FROM settled WHERE row = OLD.row)
    BEGIN
      SELECT raise(ABORT, 'what waits stays until it is settled');
    END;
    CREATE TRIGGER the_first_word_stays BEFORE UPDATE ON settled
    BEGIN
      SELECT raise(ABORT, 'the first word stays');
    END;
    CREATE TRIGGER what_was_sent_goes AFTER DELETE ON settled WHEN OLD.state = 'sent'
    BEGIN
      UPDATE tally SET sent = sent - 1;
    END;
    CREATE TRIGGER what_was_refused_waits_again AFTER DELETE ON settled WHEN OLD.state = 'refused'
    BEGIN
      UPDATE tally SET refused = refused - 1;
      INSERT INTO outbox (row) VALUES (OLD.row);
    END;

    """

  /// `job`: of the slip, until `slip` has it.
  private static let untold = """
    DROP TRIGGER a_filing_is_untold;
    DROP TRIGGER until_it_is_told;
    CREATE TABLE untold_4 (
      row INTEGER PRIMARY KEY REFERENCES envelope (row),
      job TEXT CHECK (length(job) = 32)
    ) STRICT;
    INSERT INTO untold_4 (row) SELECT row FROM untold ORDER BY row;
    DROP TABLE untold;
    ALTER TABLE untold_4 RENAME TO untold;
    CREATE TRIGGER until_it_is_told AFTER INSERT ON envelope WHEN NEW.kind = 'told'
    BEGIN
      DELETE FROM untold WHERE row = (SELECT row FROM envelope
        WHERE number = NEW.number AND kind IN ('application', 'withdrawal', 'correction'));
    END;
    CREATE TRIGGER its_slip_stays AFTER DELETE ON untold WHEN OLD.job IS NOT NULL
    BEGIN
      INSERT INTO slip (row, job) VALUES (OLD.row, OLD.job) ON CONFLICT DO NOTHING;
    END;
    """
}
