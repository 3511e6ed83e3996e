// SPDX-License-Identifier: Apache-2.0

import DurableSQLite

extension CentreSchema {
  /// What has a number of its own; all else is said about a filing. Questions about filings must
  /// say it in these words, or the index does not serve them.
  static let isFiling = "kind NOT IN ('told', 'rating')"
  private static let filings = "'application', 'withdrawal', 'correction'"
  private static let unsigned = "'unknownTerminal', 'badSignature'"

  /// Withdrawals and corrections; tasks that are settled; room for what is unsigned.
  ///
  /// `held`: kept, and does not count yet: something in `follows`, or the application named as
  /// `first_number`, is not here. `effective`: counts. An application whose number an effective
  /// withdrawal names is withdrawn; nothing is written into its own row, so the order of
  /// arrival makes no difference. `sender`: in whose room an unsigned one lies; `hopeful`:
  /// it could be a person's application. Small columns stand before the long ones, so that
  /// lists read no overflow pages.
  static let widerEnvelopes = """
    CREATE TABLE wider_envelope (
      row INTEGER PRIMARY KEY,
      id BLOB NOT NULL CHECK (length(id) = 16),
      digest BLOB NOT NULL CHECK (length(digest) = 32),
      number TEXT NOT NULL CHECK (length(number) = 24),
      kind TEXT NOT NULL CHECK (kind IN ('told', 'rating', \(filings))),
      follows BLOB NOT NULL CHECK (length(follows) % 16 = 0),
      terminal TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('held', 'effective', 'refused')),
      belongs INTEGER NOT NULL CHECK (belongs IN (0, 1)),
      received_at INTEGER NOT NULL,
      deliveries INTEGER NOT NULL CHECK (deliveries >= 1),
      reason TEXT CHECK (reason IN (\(unsigned), 'unreadable', 'idTaken', 'numberTaken',
        'foreignNumber', 'foreignTerminal', 'matterWithdrawn', 'firstMissingFields',
        'claimMismatch')),
      owner TEXT,
      due_at INTEGER CHECK (due_at > received_at),
      settled_at INTEGER,
      note TEXT CHECK (length(note) BETWEEN 1 AND 2000),
      sender TEXT,
      hopeful INTEGER CHECK (hopeful IN (0, 1)),
      case_number TEXT,
      matter TEXT,
      matter_version INTEGER,
      filed_at INTEGER,
      time_quality TEXT CHECK (time_quality IN ('synchronised', 'running', 'unknown')),
      assurance TEXT CHECK (assurance IN ('none', 'cardRead')),
      claim_hash TEXT CHECK (length(claim_hash) = 64),
      told TEXT CHECK (told IN ('printed', 'shown', 'unknown')),
      rating INTEGER CHECK (rating BETWEEN 1 AND 5),
      first_number TEXT CHECK (length(first_number) = 24),
      first_claim_hash TEXT CHECK (length(first_claim_hash) = 64),
      signature BLOB NOT NULL CHECK (length(signature) = 64),
      header BLOB NOT NULL,
      routing BLOB NOT NULL,
      content BLOB NOT NULL,
      CHECK (state = 'refused' OR belongs = 1),
      CHECK ((state = 'refused') = (reason IS NOT NULL)),
      CHECK ((reason IS NULL) = (owner IS NULL) AND (reason IS NULL) = (due_at IS NULL)),
      CHECK ((settled_at IS NULL) = (note IS NULL) AND (note IS NULL OR state = 'refused')),
      CHECK ((sender IS NOT NULL) = (coalesce(reason, '') IN (\(unsigned)))),
      CHECK ((sender IS NULL) = (hopeful IS NULL)),
      CHECK ((case_number IS NOT NULL) = (state = 'effective' AND kind = 'application')),
      CHECK (state = 'refused' OR filed_at IS NOT NULL),
      CHECK (state = 'refused' OR kind != 'application' OR matter IS NOT NULL),
      CHECK (state = 'refused' OR kind != 'told' OR told IS NOT NULL),
      CHECK (state = 'refused' OR kind NOT IN ('withdrawal', 'correction')
        OR (first_number IS NOT NULL AND first_claim_hash IS NOT NULL)),
      CHECK (first_number IS NULL OR kind IN ('withdrawal', 'correction')),
      CHECK ((filed_at IS NULL) = (time_quality IS NULL) AND (filed_at IS NULL) = (assurance IS NULL))
    ) STRICT;
    INSERT INTO wider_envelope (row, id, digest, number, kind, follows, terminal, state, belongs,
      received_at, deliveries, reason, owner, due_at, sender, hopeful, case_number, matter,
      matter_version, filed_at, time_quality, assurance, claim_hash, told, rating, signature,
      header, routing, content)
    SELECT row, id, digest, number, kind, follows, terminal, state, belongs, received_at,
      deliveries, reason, owner, due_at, iif(reason IN (\(unsigned)), terminal, NULL),
      iif(reason IN (\(unsigned)), kind = 'application', NULL), case_number, matter,
      matter_version, filed_at, time_quality, assurance, claim_hash, told, rating, signature,
      header, routing, content
    FROM envelope ORDER BY row;

    CREATE TABLE wider_awaited (
      id BLOB NOT NULL CHECK (length(id) = 16),
      row INTEGER NOT NULL REFERENCES wider_envelope (row),
      PRIMARY KEY (id, row)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO wider_awaited SELECT id, row FROM awaited;
    DROP TABLE awaited;
    DROP TABLE envelope;
    ALTER TABLE wider_envelope RENAME TO envelope;
    ALTER TABLE wider_awaited RENAME TO awaited;
    """

  static let levelsOfAssurance = Migration.retelling(
    "envelope",
    [
      (
        "assurance IN ('none', 'cardRead')",
        "assurance IN ('none', 'cardRead', 'personChecked', 'organisationChecked')"
      )
    ])

  /// The same conditions, none of which lays a table for its words: that was a quarter of SQLite's
  /// part of what an envelope costs (45 and 34 µs, measured).
  static let plainConditions =
    Migration.retelling("envelope", words.map(Migration.alternatives)) + """
      DROP INDEX one_filing_a_number;
      CREATE UNIQUE INDEX one_filing_a_number ON envelope (number) WHERE belongs = 1 AND \(isFiling);
      """

  /// 办件编号: `320507-20261121-000001`; at least six digits. NULL without a stem.
  ///
  /// - Parameter stem: a parameter that holds area, hyphen, day, hyphen.
  static func nextCaseNumber(_ stem: String) -> String {
    """
    \(stem) || printf('%06d', 1 + coalesce((SELECT last FROM case_sequence
      WHERE area = substr(\(stem), 1, 6) AND day = substr(\(stem), 8, 8)), 0))
    """
  }

  /// Whatever gives a case its number, the sequence goes on from there.
  static let countedCases = ["INSERT", "UPDATE OF case_number"].map { event in
    """
    CREATE TRIGGER case_counted_after_\(event.prefix(6).lowercased()) AFTER \(event) ON envelope
      WHEN NEW.case_number IS NOT NULL
    BEGIN
      INSERT INTO case_sequence (area, day, last)
      VALUES (substr(NEW.case_number, 1, 6), substr(NEW.case_number, 8, 8),
        CAST(substr(NEW.case_number, 17) AS INTEGER))
      ON CONFLICT DO UPDATE SET last = max(last, excluded.last);
    END;

    """
  }
  .joined()

  private static let words: [(column: String, lines: [[String]])] = [
    ("kind", [["told", "rating", "application", "withdrawal", "correction"]]),
    ("state", [["held", "effective", "refused"]]),
    (
      "reason",
      [
        ["unknownTerminal", "badSignature", "unreadable", "idTaken", "numberTaken"],
        ["foreignNumber", "foreignTerminal", "matterWithdrawn", "firstMissingFields"],
        ["claimMismatch"],
      ]
    ),
    ("time_quality", [["synchronised", "running", "unknown"]]),
    ("assurance", [["none", "cardRead", "personChecked", "organisationChecked"]]),
    ("told", [["printed", "shown", "unknown"]]),
  ]

  /// Without an upper end: nothing may be refused because a day was long.
  static let endlessSequence = """
    CREATE TABLE endless_sequence (
      area TEXT NOT NULL,
      day TEXT NOT NULL CHECK (length(day) = 8),
      last INTEGER NOT NULL CHECK (last >= 1),
      PRIMARY KEY (area, day)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO endless_sequence SELECT area, day, last FROM case_sequence;
    DROP TABLE case_sequence;
    ALTER TABLE endless_sequence RENAME TO case_sequence;
    """

  /// Each holds only the rows it is asked for, so that a stored envelope costs two or three.
  static let envelopeIndexes = """
    CREATE INDEX awaited_by ON awaited (row);
    CREATE UNIQUE INDEX one_envelope_an_id ON envelope (id) WHERE belongs = 1;
    CREATE UNIQUE INDEX one_filing_a_number ON envelope (number)
      WHERE belongs = 1 AND kind IN (\(filings));
    CREATE UNIQUE INDEX one_case_a_case_number ON envelope (case_number)
      WHERE case_number IS NOT NULL;
    CREATE INDEX words_about_a_number ON envelope (number) WHERE kind = 'told' AND belongs = 1;
    CREATE INDEX followers_of_a_number ON envelope (first_number, id)
      WHERE first_number IS NOT NULL;
    CREATE UNIQUE INDEX same_bytes_refused_once ON envelope (id, digest) WHERE state = 'refused';
    CREATE INDEX refused_under_a_number ON envelope (number) WHERE state = 'refused';
    CREATE INDEX tasks ON envelope (row) WHERE state = 'refused';
    CREATE INDEX open_tasks ON envelope (row) WHERE state = 'refused' AND settled_at IS NULL;
    CREATE INDEX settled_of_a_sender ON envelope (sender, row)
      WHERE sender IS NOT NULL AND settled_at IS NOT NULL;
    CREATE INDEX settled_of_any_sender ON envelope (row)
      WHERE sender IS NOT NULL AND settled_at IS NOT NULL;
    CREATE INDEX hopeless_of_a_sender ON envelope (sender, row)
      WHERE hopeful = 0 AND settled_at IS NULL;
    CREATE INDEX hopeless_of_any_sender ON envelope (row)
      WHERE hopeful = 0 AND settled_at IS NULL;
    """
}
